//! Several issuers, each with its own table.

use std::path::Path;

use caller_auth::{AuthConfig, Scope};
use serde_json::json;

use crate::config::Config;
use crate::config::tests::keys_of;

const REST: &str = "[providers.huddle01]\nkind = 'huddle01'\napi_key = 'k'\n\
                    [providers.rtk-eu]\nkind = 'realtimekit'\naccount_id = 'a'\napp_id = 'a'\napi_token = 't'\n";

const ENTRA: &str = r#"
[auth.issuers.entra]
issuer = "https://login.microsoftonline.com/tenant/v2.0"
audience = ["api://rollcall", "rollcall"]
jwks_url = "https://login.microsoftonline.com/tenant/discovery/v2.0/keys"
max_token_age = "2h"
scope_claim = ["scp", "roles"]
scopes = { "sessions:read" = ["Rollcall.Read", "read"], "sessions:moderate" = "Rollcall.Moderate" }
providers = ["rtk-eu"]
"#;

const COGNITO: &str = r#"
[auth.issuers.cognito]
issuer = "https://cognito-idp.eu-west-1.amazonaws.com/pool"
audience = "client"
audience_claim = "client_id"
providers_claim = "custom:providers"
claims = { token_use = "access", version = 2 }
hs256_secret = "0123456789abcdef0123456789abcdef"
"#;

fn parse(auth: &str, environment: &[(&str, &str)]) -> Result<AuthConfig, Vec<String>> {
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    Config::parse(&format!("{auth}\n{REST}"), Path::new(""), environment)
        .map(|config| config.auth)
        .map_err(|error| keys_of(&error).into_iter().map(str::to_owned).collect())
}

#[test]
fn every_table_is_an_issuer_of_its_own() {
    let both = format!("[auth]\nleeway = '1s'\nmax_token_age = '30m'\n{ENTRA}{COGNITO}");
    let auth = parse(&both, &[]).unwrap();
    let [cognito, entra] = auth.issuers.as_slice() else { panic!("{auth:?}") };
    assert_eq!((entra.name.as_deref(), entra.audiences.len(), entra.max_token_age.as_secs()), (Some("entra"), 2, 7200));
    assert_eq!(entra.names.scope, ["scp", "roles"]);
    let scopes = entra.scopes.as_ref().unwrap();
    assert_eq!((scopes[&Scope::Read].len(), &scopes[&Scope::Moderate][0]), (2, &"Rollcall.Moderate".to_owned()));
    assert_eq!(entra.providers.as_ref().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>(), ["rtk-eu"]);
    assert_eq!((cognito.names.audience.as_str(), cognito.names.providers.as_str()), ("client_id", "custom:providers"));
    assert_eq!((&cognito.claims["token_use"], &cognito.claims["version"]), (&json!("access"), &json!(2)));
    assert_eq!((cognito.max_token_age.as_secs(), cognito.providers.is_none()), (1800, true), "as [auth] says for all");
}

#[test]
fn the_environment_reaches_into_a_table() {
    let variables = [
        ("ROLLCALL__AUTH__ISSUERS__COGNITO__HS256_SECRET", "another secret, but 32 bytes long".replace(' ', "_")),
        ("ROLLCALL__AUTH__ISSUERS__COGNITO__AUDIENCE", "one,two".to_owned()),
        ("ROLLCALL__AUTH__ISSUERS__COGNITO__CLAIMS__TOKEN_USE", "id".to_owned()),
    ];
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let auth = parse(COGNITO, &variables).unwrap();
    assert_eq!(auth.issuers[0].audiences, ["one", "two"]);
    assert_eq!(auth.issuers[0].claims["token_use"], json!("id"));
}

#[test]
fn the_environment_finds_names_with_capital_letters_and_dashes() {
    let named = COGNITO.replace("[auth.issuers.cognito]", "[auth.issuers.Cognito-EU]").replace("token_use", "tokenUse");
    let variables = [
        ("ROLLCALL__AUTH__ISSUERS__COGNITO_EU__AUDIENCE", "other"),
        ("ROLLCALL__AUTH__ISSUERS__COGNITO_EU__CLAIMS__TOKENUSE", "id"),
        ("ROLLCALL__AUTH__ISSUERS__COGNITO_EU__SCOPES", "{ \"sessions:read\" = [\"r\"] }"),
    ];
    let auth = parse(&named, &variables).unwrap();
    let [issuer] = auth.issuers.as_slice() else { panic!("{auth:?}") };
    assert_eq!((issuer.name.as_deref(), &issuer.audiences), (Some("Cognito-EU"), &vec!["other".to_owned()]));
    assert_eq!((issuer.claims.len(), &issuer.claims["tokenUse"]), (2, &json!("id")));
    assert_eq!(issuer.scopes.as_ref().unwrap()[&Scope::Read], ["r"]);
}

#[test]
fn what_cannot_be_meant_stops_the_start() {
    let with = |line: &str| format!("{COGNITO}{line}\n");
    let other = COGNITO.replace("[auth.issuers.cognito]", "[auth.issuers.twin]");
    for (auth, keys) in [
        (format!("[auth]\nissuer = 'i'\n{COGNITO}"), vec!["auth.issuer"]),
        (format!("[auth]\njwks_url = 'https://id.example/keys'\n{COGNITO}"), vec!["auth.jwks_url"]),
        ("[auth.issuers]".to_owned(), vec!["auth.issuers"]),
        ("[auth]\nissuers = 7".to_owned(), vec!["auth.issuers"]),
        ("[auth.issuers]\nx = 7".to_owned(), vec!["auth.issuers.x"]),
        (with("scopes = { \"sessions:write\" = [\"x\"] }"), vec!["auth.issuers.cognito.scopes.sessions:write"]),
        (with("scopes = { \"sessions:read\" = [] }"), vec!["auth.issuers.cognito.scopes.sessions:read"]),
        (with("providers = [\"rtk-us\"]"), vec!["auth.issuers.cognito.providers"]),
        (with("providers = [\"RTK\"]"), vec!["auth.issuers.cognito.providers"]),
        (with("scope_claim = []"), vec!["auth.issuers.cognito.scope_claim"]),
        (with("leeway = '1s'"), vec!["auth.issuers.cognito.leeway"]),
        (with("keys = []"), vec!["auth.issuers.cognito.keys"]),
        (COGNITO.replace("claims = {", "claims = { deep = [1],"), vec!["auth.issuers.cognito.claims.deep"]),
        (COGNITO.replace("audience = \"client\"\n", ""), vec!["auth.issuers.cognito.audience"]),
        (format!("{COGNITO}{other}"), vec!["auth.issuers.twin.issuer", "auth.issuers.twin.hs256_secret"]),
        (format!("{COGNITO}{}", other.replace("/pool", "/other")), vec!["auth.issuers.twin.hs256_secret"]),
    ] {
        assert_eq!(parse(&auth, &[]).unwrap_err(), keys, "{auth}");
    }
}
