//! What the environment may say.

use std::time::Duration;

use secrecy::ExposeSecret;

use caller_auth::KeySource;

use crate::config::Account;
use crate::config::tests::{WHOLE, keys_of, with_environment};

#[test]
fn every_kind_of_value_can_be_overridden() {
    let config = with_environment(
        WHOLE,
        &[
            ("ROLLCALL__SERVER__LISTEN", "0.0.0.0:80"),
            ("ROLLCALL__SERVER__CORS_ORIGINS", "https://a.example, https://b.example"),
            ("ROLLCALL__AUTH__REQUIRE_PROVIDERS_CLAIM", "true"),
            ("ROLLCALL__PROVIDERS__RTK_EU__API_TOKEN", "from-the-environment"),
            ("ROLLCALL__PROVIDERS__HUDDLE01__BUDGET__REQUESTS", "7"),
            ("ROLLCALL__PROVIDERS__HUDDLE01__BUDGET__PER", "3s"),
            ("ROLLCALL__PROVIDERS__RTK_EU__BUDGET", "{ requests = 9, per = '4s' }"),
            ("ROLLCALL__LIMITS__CONCURRENT", "12"),
            ("ROLLCALL__CACHE__MAX_BYTES", "1MiB"),
            ("PATH", "/bin"),
            ("ROLLCALL_OTHER", "ignored"),
        ],
    )
    .unwrap();
    assert_eq!(config.server.listen.port(), 80);
    assert_eq!(config.server.cors_origins, ["https://a.example", "https://b.example"]);
    assert!(config.auth.issuers[0].require_providers_claim);
    let Account::RealtimeKit(account) = &config.providers[1].account else { panic!() };
    assert_eq!(account.api_token.expose_secret(), "from-the-environment");
    assert_eq!((account.budget.requests, account.budget.per), (9, Duration::from_secs(4)));
    assert_eq!(config.providers[0].budget().requests, 7);
    assert_eq!(config.limits.concurrent.unwrap().get(), 12);
    assert_eq!(config.cache.max_bytes.as_u64(), 1024 * 1024);
}

#[test]
fn a_list_may_be_a_toml_array() {
    let origins = [("ROLLCALL__SERVER__CORS_ORIGINS", "[\"https://a.example\"]")];
    assert_eq!(with_environment(WHOLE, &origins).unwrap().server.cors_origins, ["https://a.example"]);
}

#[test]
fn a_table_given_whole_can_still_have_single_keys_overridden() {
    let variables =
        [("ROLLCALL__LIMITS__REQUESTS", "{ requests = 1, per = \"1s\" }"), ("ROLLCALL__LIMITS__REQUESTS__PER", "2s")];
    let rate = with_environment(WHOLE, &variables).unwrap().limits.requests.unwrap();
    assert_eq!((rate.requests.get(), rate.per), (1, Duration::from_secs(2)));
}

#[test]
fn the_environment_alone_can_configure_everything() {
    let config = with_environment(
        "",
        &[
            ("ROLLCALL__AUTH__ISSUER", "i"),
            ("ROLLCALL__AUTH__AUDIENCE", "a"),
            ("ROLLCALL__AUTH__HS256_SECRET", "0123456789abcdef0123456789abcdef"),
            ("ROLLCALL__PROVIDERS__NEW_ONE__KIND", "huddle01"),
            ("ROLLCALL__PROVIDERS__NEW_ONE__API_KEY", "k"),
        ],
    )
    .unwrap();
    assert_eq!(config.providers[0].id.as_str(), "new-one");
    assert!(matches!(config.auth.issuers[0].keys, KeySource::Hs256(_)));
}

#[test]
fn what_the_environment_gets_wrong_names_the_key() {
    for (name, value, key) in [
        ("ROLLCALL__SERVER__LISTE", "x", "server.liste"),
        ("ROLLCALL__SEVER__LISTEN", "x", "sever"),
        ("ROLLCALL__SERVER__LISTEN", "nowhere", "server.listen"),
        ("ROLLCALL__SERVER__LISTEN__PORT", "1", "server.listen"),
        ("ROLLCALL__PROVIDERS__RTK_EU__API_TOKEM", "x", "providers.rtk-eu.api_tokem"),
        ("ROLLCALL__PROVIDERS__HUDDLE01__API_KEY", "", "providers.huddle01.api_key"),
        ("ROLLCALL__PROVIDERS__HUDDLE01__MAX_PAGES", "many", "providers.huddle01.max_pages"),
        ("ROLLCALL__PROVIDERS__HUDDLE01", "x", "providers.huddle01"),
        ("ROLLCALL__SERVER", "x", "server"),
        ("ROLLCALL____LISTEN", "x", "ROLLCALL____LISTEN"),
        ("ROLLCALL__AUTH__JWKS_URL", "https://id.example/jwks", "auth.jwks_url"),
        ("ROLLCALL__LIMITS__REQUESTS", "{ requests = 1 }", "limits.requests.per"),
    ] {
        let error = with_environment(WHOLE, &[(name, value)]).unwrap_err();
        assert_eq!(keys_of(&error), [key], "{name}: {error}");
    }
    let error = with_environment(WHOLE, &[("ROLLCALL__SERVER__LISTE", "x")]).unwrap_err().to_string();
    assert!(error.contains("ROLLCALL__SERVER__LISTE") && error.contains("listen"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![0xff]);
    let variables = [("ROLLCALL__SERVER__LISTEN".into(), value)];
    let error = super::super::Config::parse(WHOLE, std::path::Path::new("."), variables).unwrap_err();
    assert_eq!(keys_of(&error), ["ROLLCALL__SERVER__LISTEN"]);
}
