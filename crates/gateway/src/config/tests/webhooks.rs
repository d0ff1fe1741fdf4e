//! Webhooks in the configuration.

use std::net::SocketAddr;
use std::time::Duration;

use provider_realtimekit::WebhookKeySource;
use rstest::rstest;
use secrecy::ExposeSecret;

use crate::config::tests::{WHOLE, keys_of, parse, whole_with, with_environment};
use crate::config::{Config, ProviderWebhooks, PublicKey};

const API_KEY: &str = "api_key = \"canary-huddle01-key\"";
const API_TOKEN: &str = "api_token = \"canary-realtimekit-token\"";
const KEY_FILE: &str =
    concat!("\"", env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/realtimekit/other-public-key.pem\"");

fn huddle01(table: &str) -> String {
    whole_with(API_KEY, &format!("{API_KEY}\nwebhooks = {table}"))
}

fn realtimekit(table: &str) -> String {
    whole_with(API_TOKEN, &format!("{API_TOKEN}\nwebhooks = {table}"))
}

fn secrets(config: &Config) -> (Vec<&str>, Duration) {
    let Some(ProviderWebhooks::Huddle01(settings)) = &config.providers[0].webhooks else { panic!("none are taken") };
    (settings.secrets.iter().map(|secret| secret.expose_secret()).collect(), settings.tolerance)
}

fn public_key(config: &Config) -> &PublicKey {
    let Some(ProviderWebhooks::RealtimeKit(key)) = &config.providers[1].webhooks else { panic!("none are taken") };
    key
}

#[test]
fn the_table_turns_them_on_and_needs_nothing_in_it() {
    let without = parse(WHOLE).unwrap();
    assert!(without.providers.iter().all(|provider| provider.webhooks.is_none()));
    assert_eq!(without.webhooks.listen, None);
    let both = huddle01("{}").replacen(API_TOKEN, &format!("{API_TOKEN}\nwebhooks = {{}}"), 1);
    let config = parse(&both).unwrap();
    assert_eq!(secrets(&config), (vec!["canary-huddle01-key"], Duration::from_secs(300)));
    assert_eq!(*public_key(&config), PublicKey::Url(WebhookKeySource::DEFAULT_URL.to_owned()));
}

#[test]
fn each_key_says_what_it_says() {
    let one = parse(&huddle01("{ secret = \"s\", tolerance = \"1m\" }")).unwrap();
    assert_eq!(secrets(&one), (vec!["s"], Duration::from_secs(60)));
    assert_eq!(secrets(&parse(&huddle01("{ secrets = [\"new\", \"old\"] }")).unwrap()).0, ["new", "old"]);
    let url = "https://keys.example/webhooks.json";
    let fetched = parse(&realtimekit(&format!("{{ public_key_url = \"{url}\" }}"))).unwrap();
    assert_eq!(*public_key(&fetched), PublicKey::Url(url.to_owned()));
    let pem = parse(&realtimekit(&format!("{{ public_key_file = {KEY_FILE} }}"))).unwrap();
    assert!(matches!(public_key(&pem), PublicKey::Pem(text) if text.contains("BEGIN PUBLIC KEY")));
    let listening = parse(&format!("{WHOLE}[webhooks]\nlisten = \"0.0.0.0:8081\"\n")).unwrap();
    assert_eq!(listening.webhooks.listen, Some(SocketAddr::from(([0, 0, 0, 0], 8081))));
}

#[test]
fn the_environment_can_say_it_too() {
    let config = with_environment(
        WHOLE,
        &[
            ("ROLLCALL__PROVIDERS__HUDDLE01__WEBHOOKS__SECRETS", "new,old"),
            ("ROLLCALL__PROVIDERS__RTK_EU__WEBHOOKS", "{}"),
            ("ROLLCALL__WEBHOOKS__LISTEN", "127.0.0.1:8081"),
        ],
    );
    let config = config.unwrap();
    assert_eq!(secrets(&config).0, ["new", "old"]);
    assert!(config.providers[1].webhooks.is_some() && config.webhooks.listen.is_some());
}

#[rstest]
#[case("tolerance", "{ tolerance = \"0s\" }")]
#[case("secrets", "{ secrets = [] }")]
#[case("secrets[1]", "{ secrets = [\"good\", \"canary secret\"] }")]
#[case("secret", "{ secret = \"canary\", secrets = [\"s\"] }")]
#[case("secret", "{ secret = \"canary\", secret_file = \"/nowhere\" }")]
#[case("secret_file", "{ secret_file = \"/nowhere/at/all\" }")]
#[case("public_key_url", "{ public_key_url = \"https://keys.example/\" }")]
#[case("secert", "{ secert = \"canary\" }")]
#[case("", "true")]
fn what_is_wrong_with_huddle01s(#[case] key: &str, #[case] table: &str) {
    let error = parse(&huddle01(table)).unwrap_err();
    let key = format!("providers.huddle01.webhooks.{key}");
    assert!(keys_of(&error).contains(&key.trim_end_matches('.')), "{error}");
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[rstest]
#[case("secret", "{ secret = \"canary\" }")]
#[case("tolerance", "{ tolerance = \"5m\" }")]
#[case("public_key_file", "{ public_key_file = \"/nowhere/at/all\" }")]
#[case("public_key_file", "{ public_key_file = \"Cargo.toml\" }")]
#[case("public_key_url", "{ public_key_url = \"http://keys.example/\" }")]
#[case("public_key_url", &format!("{{ public_key_url = \"https://keys.example/\", public_key_file = {KEY_FILE} }}"))]
fn what_is_wrong_with_realtimekits(#[case] key: &str, #[case] table: &str) {
    let error = parse(&realtimekit(table)).unwrap_err();
    assert_eq!(keys_of(&error), [format!("providers.rtk-eu.webhooks.{key}")], "{error}");
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[rstest]
#[case("webhooks.listen", "listen = \"localhost\"")]
#[case("webhooks.listen", "listen = \"127.0.0.1:8080\"")]
#[case("webhooks.listen", "listen = \"0.0.0.0:9090\"")]
#[case("webhooks.tls", "tls = { cert_file = \"a\", key_file = \"b\" }")]
#[case("webhooks.tls.key_file", "listen = \"127.0.0.1:1\"\ntls = { cert_file = \"a\" }")]
#[case("webhooks.port", "port = 1")]
fn what_is_wrong_with_their_listener(#[case] key: &str, #[case] lines: &str) {
    let error = parse(&format!("{WHOLE}[webhooks]\n{lines}\n")).unwrap_err();
    assert_eq!(keys_of(&error), [key], "{error}");
}

#[test]
fn no_secret_is_shown() {
    let config = parse(&huddle01("{ secrets = [\"canary-one\", \"canary-two\"] }")).unwrap();
    assert!(!format!("{config:?}").contains("canary-"), "{config:?}");
}

#[test]
fn an_unknown_key_is_told_which_there_are() {
    let error = parse(&huddle01("{ sekrets = [\"a\"] }")).unwrap_err().to_string();
    assert!(error.contains("secrets"), "{error}");
    let error = parse(&huddle01("{ key = \"a\" }")).unwrap_err().to_string();
    assert!(["secret", "secret_file", "secrets", "tolerance"].iter().all(|key| error.contains(key)), "{error}");
}
