use std::collections::BTreeMap;

use serde_json::{Value, json};
use session_provider::Clock;

use super::*;
use crate::testing::{Signer, ask, claims, issuer_config, now};
use crate::{Authenticator, Caller, KeyAlgorithm, SharedSecret};

fn issuer(name: &str, signer: &Signer) -> IssuerConfig {
    let keys = KeySource::Pem(vec![signer.key_config(KeyAlgorithm::EdDSA)]);
    let mut config = issuer_config(keys);
    config.name = Some(name.to_owned());
    config.issuer = format!("https://{name}.example");
    config
}

fn authenticator(issuers: Vec<IssuerConfig>) -> Authenticator {
    let config = AuthConfig { leeway: Duration::from_secs(5), issuers };
    Authenticator::new(&config, Clock::anchored(now())).unwrap()
}

fn token(signer: &Signer, issuer: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = claims();
    claims["iss"] = format!("https://{issuer}.example").into();
    change(&mut claims);
    signer.token(&claims)
}

/// What comes of a token with these claims for an issuer that is configured like this.
async fn read(configure: impl FnOnce(&mut IssuerConfig), change: impl FnOnce(&mut Value)) -> Option<Caller> {
    let signer = Signer::new("k", KeyAlgorithm::EdDSA);
    let mut config = issuer("a", &signer);
    configure(&mut config);
    ask(&authenticator(vec![config]), &token(&signer, "a", change)).await.ok()
}

#[tokio::test(start_paused = true)]
async fn a_key_of_one_issuer_vouches_for_no_other() {
    let (a, b) = (Signer::new("k", KeyAlgorithm::EdDSA), Signer::new("k", KeyAlgorithm::EdDSA));
    let both = authenticator(vec![issuer("a", &a), issuer("b", &b)]);
    assert!(both.is_ready());
    for (signer, name, good) in [(&a, "a", true), (&b, "b", true), (&a, "b", false), (&b, "a", false), (&a, "c", false)]
    {
        assert_eq!(ask(&both, &token(signer, name, |_| {})).await.is_ok(), good, "{name}");
    }
    let of_a = ask(&both, &token(&a, "a", |_| {})).await.unwrap();
    let of_b = ask(&both, &token(&b, "b", |_| {})).await.unwrap();
    assert_ne!(of_a.payer(), of_b.payer(), "one sub of two issuers is two callers");
}

#[tokio::test(start_paused = true)]
async fn each_issuer_has_its_own_rules() {
    let strict = |config: &mut IssuerConfig| {
        config.audiences = vec!["one".into(), "other".into()];
        config.require_providers_claim = true;
        config.max_token_age = Duration::from_secs(900);
    };
    let good = |claims: &mut Value| {
        claims["aud"] = json!(["x", "other"]);
        claims["providers"] = json!(["huddle01"]);
    };
    assert!(read(strict, good).await.is_some());
    for (name, value) in
        [("aud", json!("rollcall")), ("providers", json!(null)), ("iat", json!(crate::testing::NOW - 900))]
    {
        let change = |claims: &mut Value| {
            good(claims);
            claims[name] = value;
        };
        assert!(read(strict, change).await.is_none(), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn scopes_come_from_whatever_claims_and_values_are_named() {
    let may = |caller: Option<Caller>| caller.map(|caller| (caller.may(Scope::Read), caller.may(Scope::Moderate)));
    let entra = |config: &mut IssuerConfig| {
        config.names.scope = vec!["scp".into(), "roles".into()];
        let read = vec!["api://rollcall/read".into(), "Rollcall.Read".into()];
        config.scopes =
            Some(BTreeMap::from([(Scope::Read, read), (Scope::Moderate, vec!["Rollcall.Moderate".into()])]));
    };
    for (scp, roles, expected) in [
        (json!("openid api://rollcall/read"), json!(["Rollcall.Moderate"]), Some((true, true))),
        (json!(["Rollcall.Read"]), json!("x"), Some((true, false))),
        (json!("sessions:read sessions:moderate"), json!([]), Some((false, false))),
        (json!(7), json!([]), None),
        (json!(null), json!([]), None),
        (json!("Rollcall.Read"), json!([1]), None),
    ] {
        let change = |claims: &mut Value| {
            claims["scp"] = scp.clone();
            claims["roles"] = roles.clone();
        };
        assert_eq!(may(read(entra, change).await), expected, "{scp} {roles}");
    }
    let array = read(|_| {}, |claims| claims["scope"] = json!(["sessions:read", "other"])).await;
    assert_eq!(may(array), Some((true, false)), "an array is as good as a text");
}

#[tokio::test(start_paused = true)]
async fn the_audience_may_stand_in_another_claim_and_others_may_be_required() {
    let cognito = |config: &mut IssuerConfig| {
        config.names.audience = "client_id".into();
        config.claims = BTreeMap::from([("token_use".into(), json!("access"))]);
    };
    let access = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("aud");
        claims["client_id"] = "rollcall".into();
        claims["token_use"] = "access".into();
    };
    assert!(read(cognito, access).await.is_some());
    for (name, value) in [("token_use", json!("id")), ("token_use", json!(null)), ("client_id", json!("other"))] {
        let change = |claims: &mut Value| {
            access(claims);
            claims[name] = value.clone();
        };
        assert!(read(cognito, change).await.is_none(), "{name} {value}");
    }
    assert!(read(cognito, |claims| claims["token_use"] = "access".into()).await.is_none(), "aud does not count");
}

#[tokio::test(start_paused = true)]
async fn no_token_sees_more_than_its_issuer_may() {
    let ids = |ids: &[&str]| ids.iter().map(|id| ProviderId::new(id).unwrap()).collect::<Vec<_>>();
    let [huddle01, eu, us] = ids(&["huddle01", "rtk-eu", "rtk-us"]).try_into().unwrap();
    let limited = |config: &mut IssuerConfig| {
        config.providers = Some(BTreeSet::from([huddle01.clone(), eu.clone()]));
        config.names.providers = "https://rollcall.example/providers".into();
    };
    let sees = |caller: Caller| [&huddle01, &eu, &us].map(|id| caller.sees(id));
    assert_eq!(sees(read(limited, |_| {}).await.unwrap()), [true, true, false]);
    let claim = |claims: &mut Value| claims["https://rollcall.example/providers"] = json!(["rtk-eu", "rtk-us"]);
    assert_eq!(sees(read(limited, claim).await.unwrap()), [false, true, false]);
    let other = |claims: &mut Value| claims["providers"] = json!("of no interest");
    assert_eq!(sees(read(limited, other).await.unwrap()), [true, true, false]);
}

#[test]
fn what_two_issuers_must_not_share_is_found() {
    let (a, b) = (Signer::new("k", KeyAlgorithm::EdDSA), Signer::new("k", KeyAlgorithm::EdDSA));
    let conflicts = |one: IssuerConfig, other: IssuerConfig| {
        let config = AuthConfig { leeway: Duration::ZERO, issuers: vec![one, other] };
        config.conflicts().into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert!(conflicts(issuer("a", &a), issuer("b", &b)).is_empty());
    assert_eq!(conflicts(issuer("a", &a), issuer("b", &a)), ["auth.issuers.b.keys[0].pem_file"]);
    let mut same = issuer("b", &b);
    same.issuer = "https://a.example".into();
    assert_eq!(conflicts(issuer("a", &a), same), ["auth.issuers.b.issuer"]);
    let with_secret = |name: &str, secret: &str| {
        let secret = SharedSecret::new(secret.repeat(32).into()).unwrap();
        IssuerConfig { keys: KeySource::Hs256(secret), ..issuer(name, &a) }
    };
    assert_eq!(conflicts(with_secret("a", "x"), with_secret("b", "x")), ["auth.issuers.b.hs256_secret"]);
    assert!(conflicts(with_secret("a", "x"), with_secret("b", "y")).is_empty());
}
