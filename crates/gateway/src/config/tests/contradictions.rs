//! What stops the start, and under which key.

use rstest::rstest;

use crate::config::tests::{WHOLE, keys_of, parse, whole_with};

const LISTEN: &str = "listen = \"127.0.0.1:8080\"";
const SECRET: &str = "hs256_secret = \"0123456789abcdef0123456789abcdef\"";
const API_KEY: &str = "api_key = \"canary-huddle01-key\"";
const API_TOKEN: &str = "api_token = \"canary-realtimekit-token\"";

const COLLECTOR: &str = "[telemetry]\notlp_endpoint = \"http://127.0.0.1:4318\"\n";

#[rstest]
#[case("server.listen", LISTEN, "listen = \"localhost\"")]
#[case("server.listen", LISTEN, "listen = 8080")]
#[case("server.admin_listen", LISTEN, "listen = \"127.0.0.1:9090\"")]
#[case("server.admin_listen", LISTEN, "listen = \"0.0.0.0:9090\"")]
#[case("server.request_timeout", LISTEN, "request_timeout = \"0s\"")]
#[case("server.request_timeout", LISTEN, "request_timeout = 6")]
#[case("server.request_timeout", LISTEN, "request_timeout = \"9000years\"")]
#[case("server.drain_timeout", LISTEN, "drain_timeout = \"soon\"")]
#[case("server.cors_origins", LISTEN, "cors_origins = [\"*\"]")]
#[case("server.cors_origins", LISTEN, "cors_origins = [\"https://app.example.com/\"]")]
#[case("server.cors_origins", LISTEN, "cors_origins = \"https://app.example.com\"")]
#[case("server.tls.key_file", LISTEN, "tls = { cert_file = \"tls.crt\" }")]
#[case("server.tls.cert_file", LISTEN, "tls = { key_file = \"tls.key\" }")]
#[case("server.tls.ca_file", LISTEN, "tls = { cert_file = \"a\", key_file = \"b\", ca_file = \"c\" }")]
#[case("server.tls", LISTEN, "tls = true")]
#[case("server.port", LISTEN, "port = 8080")]
#[case("auth.issuer", "issuer = \"https://id.example.internal\"", "")]
#[case("auth.issuer", "issuer = \"https://id.example.internal\"", "issuer = \" \"")]
#[case("auth.audience", "audience = \"rollcall\"", "")]
#[case("auth.hs256_secret", SECRET, "")]
#[case("auth.hs256_secret", SECRET, "hs256_secret = \"31-bytes-which-is-one-too-few-.\"")]
#[case("auth.hs256_secret_file", SECRET, "hs256_secret_file = \"/nowhere/at/all\"")]
#[case("auth.jwks_url", SECRET, &format!("{SECRET}\njwks_url = \"https://id.example/jwks\""))]
#[case("auth.keys", SECRET, "keys = []")]
#[case("auth.keys", SECRET, "keys = \"keys/a.pem\"")]
#[case("auth.keys[0].algorithm", SECRET, "keys = [{ kid = \"k\", algorithm = \"HS256\", pem_file = \"ES256_PEM\" }]")]
#[case("auth.keys[0].kid", SECRET, "keys = [{ algorithm = \"ES256\", pem_file = \"ES256_PEM\" }]")]
#[case("auth.keys[0].pem_file", SECRET, "keys = [{ kid = \"k\", algorithm = \"ES256\" }]")]
#[case(
    "auth.keys[0].pem",
    SECRET,
    "keys = [{ kid = \"k\", algorithm = \"ES256\", pem_file = \"ES256_PEM\", pem = \"\" }]"
)]
#[case(
    "auth.keys[1].kid",
    SECRET,
    "keys = [{ kid = \"k\", algorithm = \"ES256\", pem_file = \"ES256_PEM\" }, { kid = \"k\", algorithm = \"ES256\", pem_file = \"ES256_PEM\" }]"
)]
#[case("auth.jwks_url", SECRET, "jwks_url = \"http://id.example/jwks\"")]
#[case("auth.jwks_url", SECRET, "jwks_url = \"https://user:pass@id.example/jwks\"")]
#[case("auth.max_token_age", SECRET, &format!("{SECRET}\nmax_token_age = \"0s\""))]
#[case("providers.RTK", "[providers.rtk-eu]", "[providers.RTK]")]
#[case("providers.rtk_eu", "[providers.rtk-eu]", "[providers.rtk_eu]")]
#[case("providers.rtk-eu.kind", "kind = \"realtimekit\"", "kind = \"zoom\"")]
#[case("providers.rtk-eu.kind", "kind = \"realtimekit\"", "")]
#[case("providers.rtk-eu.api_token", API_TOKEN, "")]
#[case("providers.rtk-eu.api_token", API_TOKEN, "api_token = \"\"")]
#[case("providers.rtk-eu.api_token", API_TOKEN, "api_token = \"a\\nb\"")]
#[case("providers.rtk-eu.api_key", API_TOKEN, &format!("{API_TOKEN}\napi_key = \"k\""))]
#[case("providers.rtk-eu.account_id", "account_id = \"acc\"", "account_id = \"a/b\"")]
#[case("providers.rtk-eu.app_id", "app_id = \"app\"", "")]
#[case("providers.rtk-eu.max_pages", API_TOKEN, &format!("{API_TOKEN}\nmax_pages = 0"))]
#[case("providers.huddle01.api_key", API_KEY, "")]
#[case("providers.huddle01.api_key", API_KEY, &format!("{API_KEY}\napi_key_file = \"ES256_PEM\""))]
#[case("providers.huddle01.app_id", API_KEY, &format!("{API_KEY}\napp_id = \"a\""))]
#[case("providers.huddle01.timeout", API_KEY, &format!("{API_KEY}\ntimeout = \"5101ms\""))]
#[case("providers.huddle01.timeout", API_KEY, &format!("{API_KEY}\ntimeout = \"0s\""))]
#[case("providers.huddle01.max_concurrency", API_KEY, &format!("{API_KEY}\nmax_concurrency = -1"))]
#[case("providers.huddle01.max_body_bytes", API_KEY, &format!("{API_KEY}\nmax_body_bytes = \"0\""))]
#[case("providers.huddle01.budget.requests", API_KEY, &format!("{API_KEY}\nbudget = {{ requests = 0, per = \"1s\" }}"))]
#[case("providers.huddle01.budget.per", API_KEY, &format!("{API_KEY}\nbudget = {{ requests = 1, per = \"0s\" }}"))]
#[case("providers.huddle01.budget.per", API_KEY, &format!("{API_KEY}\nbudget = {{ requests = 1 }}"))]
#[case("providers.huddle01.budget", API_KEY, &format!("{API_KEY}\nbudget = 5"))]
#[case("providers.huddle01.allow_insecure_base_url", API_KEY, &format!("{API_KEY}\nallow_insecure_base_url = \"no\""))]
#[case("providers.huddle01.base_url", API_KEY, &format!("{API_KEY}\nbase_url = \"not a url\""))]
#[case("providers.x", "[server]", "[providers]\nx = 1\n[server]")]
#[case("cache.revalidate_for", "[server]", "[cache]\nfresh_for = \"11s\"\nrevalidate_for = \"10s\"\n[server]")]
#[case("cache.stale_for", "[server]", "[cache]\nrevalidate_for = \"61s\"\nstale_for = \"60s\"\n[server]")]
#[case("cache.stale_for", "[server]", "[cache]\nfresh_for = \"61s\"\nstale_for = \"60s\"\n[server]")]
#[case("cache.max_bytes", "[server]", "[cache]\nmax_bytes = \"much\"\n[server]")]
#[case("cache.fresh", "[server]", "[cache]\nfresh = \"1s\"\n[server]")]
#[case("limits.concurrent", "[server]", "[limits]\nconcurrent = 0\n[server]")]
#[case("limits.max_connections", "[server]", "[limits]\nmax_connections = 0\n[server]")]
#[case("limits.moderation.requests", "[server]", "[limits]\nmoderation = { requests = 0, per = \"1s\" }\n[server]")]
#[case("log.format", "[server]", "[log]\nformat = \"xml\"\n[server]")]
#[case("log.level", "[server]", "[log]\nlevel = \"loud\"\n[server]")]
#[case("telemetry.otlp_endpoint", "[server]", "[telemetry]\notlp_endpoint = \"127.0.0.1:4318\"\n[server]")]
#[case("telemetry.otlp_metrics_every", "[server]", "[telemetry]\notlp_metrics_every = \"30s\"\n[server]")]
#[case("telemetry.otlp_metrics_every", "[server]", &format!("{COLLECTOR}otlp_metrics_every = \"500ms\"\n[server]"))]
#[case("telemetry.otlp_metrics_every", "[server]", &format!("{COLLECTOR}otlp_metrics_every = 30\n[server]"))]
#[case("audit.path", "[server]", "[audit]\npath = \"x\"\n[server]")]
#[case("sever", "[server]", "[sever]")]
fn one_fault_is_one_problem_under_its_key(#[case] key: &str, #[case] old: &str, #[case] new: &str) {
    let new = new.replace("ES256_PEM", concat!(env!("CARGO_MANIFEST_DIR"), "/src/config/tests/keys/es256.pem"));
    let error = parse(&whole_with(old, &new)).unwrap_err();
    assert_eq!(keys_of(&error), [key], "{error}");
    assert!(error.to_string().starts_with(&format!("{key}: ")), "{error}");
}

#[rstest]
#[case("http://api.example.com/v1")]
#[case("https://user:canary@api.example.com/v1")]
#[case("https://api.example.com/v1?token=x")]
fn an_unsafe_base_url_stops_the_start(#[case] url: &str) {
    let error = parse(&whole_with(API_KEY, &format!("{API_KEY}\nbase_url = \"{url}\""))).unwrap_err();
    assert_eq!(keys_of(&error), ["providers.huddle01.base_url"], "{error}");
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn all_problems_are_told_at_once() {
    let error = parse("[server]\nlisten = 1\nport = 2\n[auth]\nissuer = ''\n[log]\nlevel = 3\n").unwrap_err();
    let keys = keys_of(&error);
    for key in
        ["server.listen", "server.port", "auth.issuer", "auth.audience", "auth.hs256_secret", "providers", "log.level"]
    {
        assert!(keys.contains(&key), "{key} not in {keys:?}");
    }
    assert_eq!(error.to_string().lines().count(), keys.len());
}

#[test]
fn a_timeout_of_exactly_85_percent_is_fine_and_so_are_two_free_ports() {
    let text = whole_with(API_KEY, &format!("{API_KEY}\ntimeout = \"5100ms\""));
    parse(&text.replace(LISTEN, "listen = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"")).unwrap();
}

#[test]
fn one_credential_cannot_have_two_budgets() {
    let twin = format!("{WHOLE}[providers.twin]\nkind = \"huddle01\"\n{API_KEY}\n");
    parse(&twin).unwrap();
    let error = parse(&format!("{twin}budget = {{ requests = 9, per = \"1s\" }}\n")).unwrap_err();
    assert_eq!(keys_of(&error), ["providers.twin.budget"], "{error}");
}

#[test]
fn what_is_not_toml_is_located_without_being_quoted() {
    let error = parse("[auth]\nissuer = 'i'\nhs256_secret = canary\n").unwrap_err();
    assert_eq!(keys_of(&error), ["line 3, column 16"]);
    assert!(!error.to_string().contains("canary"), "{error}");
}
