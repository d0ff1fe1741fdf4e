//! Secrets as editors, shells and clipboards leave them, under every key that takes one.

use std::ffi::OsString;
use std::path::Path;

use rstest::rstest;
use secrecy::ExposeSecret;
use tempfile::TempDir;

use caller_auth::{KeySource, SharedSecret, Signer};

use crate::config::tests::{WHOLE, keys_of};
use crate::config::{Account, Config, ConfigError};

/// Where each secret of [`WHOLE`] stands, and the line that gives it.
const SECRETS: [(&str, &str, &str); 3] = [
    ("auth", "hs256_secret", "hs256_secret = \"0123456789abcdef0123456789abcdef\""),
    ("providers.huddle01", "api_key", "api_key = \"canary-huddle01-key\""),
    ("providers.rtk-eu", "api_token", "api_token = \"canary-realtimekit-token\""),
];

const SECRET: &str = "s3cret!\"#~-of-as-many-bytes-as-it-takes";

/// The configuration with the secret in a file of this content.
fn in_file(line: &str, key: &str, content: &[u8]) -> Result<Config, ConfigError> {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("secret"), content).unwrap();
    let text = WHOLE.replacen(line, &format!("{key}_file = \"secret\""), 1);
    Config::parse(&text, folder.path(), [])
}

fn in_environment(table: &str, key: &str, line: &str, value: &str) -> Result<Config, ConfigError> {
    let name = format!("ROLLCALL__{table}__{key}").replace('.', "__").replace('-', "_").to_ascii_uppercase();
    Config::parse(&WHOLE.replacen(line, "", 1), Path::new("."), [(OsString::from(name), OsString::from(value))])
}

/// Whether the secret under the key is [`SECRET`]. That of tokens is shown to nobody, so it is asked to sign.
fn is_held(config: &Config, key: &str) -> bool {
    let (Account::Huddle01(huddle01), Account::RealtimeKit(realtimekit), KeySource::Hs256(shared)) =
        (&config.providers[0].account, &config.providers[1].account, &config.auth.issuers[0].keys)
    else {
        panic!("other providers or keys");
    };
    let sign = |secret: &SharedSecret| Signer::with_secret(secret).sign(&()).unwrap();
    match key {
        "api_key" => huddle01.api_key.expose_secret() == SECRET,
        "api_token" => realtimekit.api_token.expose_secret() == SECRET,
        _ => sign(shared) == sign(&SharedSecret::new(SECRET.into()).unwrap()),
    }
}

#[rstest]
#[case("")]
#[case("\n")]
#[case("\r\n")]
#[case(" \t\r\n\n")]
#[case("\u{a0}\n")]
fn a_file_may_begin_with_a_byte_order_mark_and_end_in_white_space(#[case] end: &str) {
    for (_, key, line) in SECRETS {
        for start in ["", "\u{feff}"] {
            let config = in_file(line, key, format!("{start}{SECRET}{end}").as_bytes()).unwrap();
            assert!(is_held(&config, key), "{key}: {start:?} {end:?}");
        }
    }
}

#[rstest]
#[case(b" s3cret-canary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret canary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret\xc2\xa0canary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret\xef\xbb\xbfcanary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret\r\ncanary-of-as-many-bytes-as-it-takes\r\n")]
#[case(b"s3cret\x00canary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret\xe2\x80\x93canary-of-as-many-bytes-as-it-takes")]
#[case(b"s3cret\xffcanary-of-as-many-bytes-as-it-takes")]
#[case(b"\xff\xfes\x003\x00c\x00")]
#[case(b"\xef\xbb\xbf\r\n")]
#[case(b"")]
fn any_other_character_in_a_file_stops_the_start_under_its_key(#[case] content: &[u8]) {
    for (table, key, line) in SECRETS {
        let error = in_file(line, key, content).unwrap_err();
        assert_eq!(keys_of(&error), [format!("{table}.{key}_file")], "{content:?}: {error}");
        assert!(!error.to_string().contains("canary") && !error.to_string().contains("s3cret"), "{error}");
    }
}

#[rstest]
#[case("s3cret-canary-of-as-many-bytes-as-it-takes ")]
#[case("s3cret-canary-of-as-many-bytes-as-it-takes\n")]
#[case("s3cret-canary-of-as-many-bytes-as-it-takes\r")]
#[case("\u{feff}s3cret-canary-of-as-many-bytes-as-it-takes")]
#[case("s3cret-canary-of-as-many-bytes-as-it-takes\u{a0}")]
#[case("s3cret-canary-\u{2014}-of-as-many-bytes-as-it-takes")]
#[case("s3crét-canary-of-as-many-bytes-as-it-takes")]
fn in_the_configuration_and_the_environment_every_character_counts(#[case] value: &str) {
    for (table, key, line) in SECRETS {
        let quoted = serde_json::to_string(value).unwrap(); // a text of JSON is one of TOML
        let text = WHOLE.replacen(line, &format!("{key} = {quoted}"), 1);
        for error in [
            Config::parse(&text, Path::new("."), []).unwrap_err(),
            in_environment(table, key, line, value).unwrap_err(),
        ] {
            assert_eq!(keys_of(&error), [format!("{table}.{key}")], "{value:?}: {error}");
            assert!(!error.to_string().contains("canary") && !error.to_string().contains("s3c"), "{error}");
        }
        assert!(is_held(&in_environment(table, key, line, SECRET).unwrap(), key), "{key}");
    }
}

#[test]
fn a_configuration_may_begin_with_a_byte_order_mark() {
    Config::parse(&format!("\u{feff}{WHOLE}"), Path::new("."), []).unwrap();
}
