//! What a good configuration means.

use std::time::Duration;

use bytesize::ByteSize;
use secrecy::ExposeSecret;

use caller_auth::KeySource;

use crate::config::tests::{WHOLE, keys_of, parse, whole_with};
use crate::config::{Account, Config, LogFormat};

#[test]
fn what_is_not_said_has_the_defaults_of_the_contract() {
    let config = parse(WHOLE).unwrap();
    assert_eq!(config.server.admin_listen.to_string(), "127.0.0.1:9090");
    assert_eq!(config.server.request_timeout, Duration::from_secs(6));
    assert_eq!(config.server.drain_timeout, Duration::from_secs(25));
    assert!(config.server.board);
    assert_eq!(config.server.time().of_provider(), Duration::from_millis(5100));
    assert_eq!(config.auth.leeway, Duration::from_secs(5));
    assert_eq!(config.auth.issuers[0].max_token_age, Duration::from_secs(3600));
    assert!(!config.auth.issuers[0].require_providers_claim);
    assert_eq!(config.cache, Default::default());
    assert_eq!(config.limits, Default::default());
    assert_eq!(config.limits.max_connections.get(), 10_000);
    assert_eq!((config.log.format, config.log.level), (LogFormat::Json, tracing::Level::INFO));
    assert_eq!(config.audit.file, None);
    assert_eq!(config.telemetry.otlp_endpoint, None);

    let [huddle01, realtimekit] = config.providers.as_slice() else { panic!("{:?}", config.providers) };
    assert_eq!((huddle01.id.as_str(), realtimekit.id.as_str()), ("huddle01", "rtk-eu"));
    assert_eq!((huddle01.budget().requests, huddle01.budget().per), (5, Duration::from_secs(1)));
    assert_eq!((realtimekit.budget().requests, realtimekit.budget().per), (600, Duration::from_secs(300)));
    for provider in [huddle01, realtimekit] {
        assert_eq!(provider.upstream().timeout, Duration::from_secs(2));
        assert_eq!(provider.upstream().max_concurrency, 32);
        assert_eq!(provider.upstream().max_body_bytes, 16 * 1024 * 1024);
    }
    assert_eq!(huddle01.upstream().base_url.as_url().as_str(), "https://api.huddle01.com/api/v2/sdk");
    assert!(realtimekit.upstream().base_url.as_url().as_str().starts_with("https://api.cloudflare.com/client/v4"));
    let Account::RealtimeKit(account) = &realtimekit.account else { panic!() };
    assert_eq!((account.account_id.as_str(), account.app_id.as_str(), account.max_pages), ("acc", "app", 200));
}

#[test]
fn everything_can_be_said() {
    let config = parse(
        r#"
[server]
listen = "0.0.0.0:80"
admin_listen = "[::1]:81"
request_timeout = "4s"
drain_timeout = "1m"
cors_origins = ["https://app.example.com", "http://localhost:5173"]
board = false
[auth]
issuer = "i"
audience = "a"
leeway = "0s"
max_token_age = "10m"
require_providers_claim = true
jwks_url = "http://127.0.0.1:1/jwks.json"
[providers.h]
kind = "huddle01"
api_key = "k"
timeout = "500ms"
max_concurrency = 3
max_body_bytes = "1KiB"
max_pages = 7
budget = { requests = 1, per = "10s" }
[cache]
fresh_for = "1s"
revalidate_for = "1s"
stale_for = "1s"
not_live_for = "2s"
ended_for = "3s"
max_bytes = 1024
[limits]
requests = { requests = 100, per = "1s" }
moderation = { requests = 5, per = "2s" }
concurrent = 9
max_connections = 8
[audit]
file = "audit.jsonl"
[log]
format = "pretty"
level = "debug"
[telemetry]
otlp_endpoint = "http://127.0.0.1:4318"
otlp_metrics_every = "30s"
"#,
    )
    .unwrap();
    assert_eq!(config.server.cors_origins.len(), 2);
    assert!(!config.server.board);
    assert!(matches!(&config.auth.issuers[0].keys, KeySource::Jwks(url) if url.path() == "/jwks.json"));
    assert_eq!(config.auth.leeway, Duration::ZERO);
    assert_eq!(config.providers[0].upstream().max_body_bytes, 1024);
    assert_eq!(config.providers[0].upstream().max_concurrency, 3);
    assert!(matches!(&config.providers[0].account, Account::Huddle01(account) if account.max_pages == 7));
    assert_eq!(config.cache.max_bytes, ByteSize::b(1024));
    assert_eq!(config.cache.ended_for, Duration::from_secs(3));
    let moderation = config.limits.moderation.unwrap();
    assert_eq!((moderation.requests.get(), moderation.per), (5, Duration::from_secs(2)));
    assert_eq!(config.limits.concurrent.unwrap().get(), 9);
    assert_eq!(config.audit.file.unwrap(), std::path::Path::new("./audit.jsonl"));
    assert_eq!(config.log.level, tracing::Level::DEBUG);
}

#[test]
fn secrets_and_keys_are_read_from_files_beside_the_configuration() {
    let folder = std::env::temp_dir().join(format!("rollcall-config-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    std::fs::write(folder.join("huddle01.key"), "\u{feff}the-key \r\n\n").unwrap();
    let public = include_str!("keys/eddsa.pem");
    std::fs::write(folder.join("keys/a.pem"), public).unwrap();
    std::fs::write(folder.join("keys/private.pem"), "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n")
        .unwrap();
    let file = folder.join("rollcall.toml");
    let text = |pem: &str| {
        format!(
            "[auth]\nissuer = 'i'\naudience = 'a'\nkeys = [{{ kid = 'k', algorithm = 'EdDSA', pem_file = '{pem}' }}]\n\
             [providers.h]\nkind = 'huddle01'\napi_key_file = 'huddle01.key'\n"
        )
    };
    std::fs::write(&file, text("keys/a.pem")).unwrap();
    let config = Config::load(&file, []).unwrap();
    let Account::Huddle01(account) = &config.providers[0].account else { panic!() };
    assert_eq!(account.api_key.expose_secret(), "the-key");
    let KeySource::Pem(keys) = &config.auth.issuers[0].keys else { panic!() };
    assert_eq!((keys[0].kid.as_str(), keys[0].algorithm.as_str()), ("k", "EdDSA"));
    assert_eq!(keys[0].pem, public);

    for wrong in ["keys/private.pem", "keys/absent.pem"] {
        std::fs::write(&file, text(wrong)).unwrap();
        assert_eq!(keys_of(&Config::load(&file, []).unwrap_err()), ["auth.keys[0].pem_file"], "{wrong}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let gone = Config::load(&file, []).unwrap_err();
    assert_eq!(gone.problems[0].key, file.display().to_string());
}

#[test]
fn no_secret_is_ever_shown() {
    let config = parse(WHOLE).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("canary") && !shown.contains("0123456789abcdef"), "{shown}");
    // Wrong in every way a secret can be wrong: unquoted, of another type, under another name, of another kind.
    for (old, new) in [
        ("\"canary-huddle01-key\"", "canary-unquoted"),
        ("\"canary-huddle01-key\"", "[\"canary-list\"]"),
        ("api_key = ", "api_kee = "),
        ("api_key = ", "api_token = "),
        ("\"canary-huddle01-key\"", "\"canary-not-closed"),
        ("listen = \"127.0.0.1:8080\"", "listen = \"canary-listen\""),
        ("issuer = ", "base_url = "),
    ] {
        let error = parse(&super::whole_with(old, new)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}

#[rstest::rstest]
#[case("", (2, 10, 60))]
#[case("fresh_for = '30s'", (30, 30, 60))]
#[case("fresh_for = '2m'", (120, 120, 120))]
#[case("revalidate_for = '2m'", (2, 120, 120))]
#[case("revalidate_for = '1s'", (1, 1, 60))]
#[case("stale_for = '5s'", (2, 5, 5))]
#[case("stale_for = '0s'", (0, 0, 0))]
#[case("fresh_for = '20s'\nstale_for = '20s'", (20, 20, 20))]
fn defaults_of_the_cache_follow_what_is_set(#[case] lines: &str, #[case] ages: (u64, u64, u64)) {
    let cache = parse(&format!("{WHOLE}[cache]\n{lines}\n")).unwrap().cache;
    assert_eq!((cache.fresh_for.as_secs(), cache.revalidate_for.as_secs(), cache.stale_for.as_secs()), ages);
}

#[test]
fn a_short_request_timeout_shortens_the_default_timeout_of_the_providers() {
    let config = parse(&whole_with("[server]", "[server]\nrequest_timeout = \"1s\"")).unwrap();
    assert!(config.providers.iter().all(|provider| provider.upstream().timeout == Duration::from_millis(850)));
}
