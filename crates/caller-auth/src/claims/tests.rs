use rstest::rstest;
use serde_json::{Value, json};
use session_provider::ProviderId;

use super::*;
use crate::Scope;
use crate::strict_json;
use crate::testing::{NOW, claims, hs256_source, issuer_config, now};

fn read_as(config: &IssuerConfig, text: &str) -> Result<(Caller, Lifetime), Refusal> {
    let claims = strict_json::object(text.as_bytes())?;
    ClaimRules::new(config, Duration::from_secs(5)).read(&claims, now())
}

fn read_json(text: &str) -> Result<(Caller, Lifetime), Refusal> {
    read_as(&issuer_config(hs256_source()), text)
}

fn read_with(name: &str, value: Value) -> Result<Caller, Refusal> {
    let mut claims = claims();
    claims[name] = value;
    read_json(&claims.to_string()).map(|(caller, _)| caller)
}

fn read_without(name: &str) -> Result<Caller, Refusal> {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    read_json(&claims.to_string()).map(|(caller, _)| caller)
}

#[test]
fn the_good_claims_give_the_caller() {
    let (caller, _) = read_json(&claims().to_string()).unwrap();
    assert_eq!((caller.issuer(), caller.subject()), ("https://id.example.internal", "svc-board"));
    assert!(caller.may(Scope::Read) && !caller.may(Scope::Moderate));
    assert!(caller.sees(&ProviderId::new("anything").unwrap()));
}

#[rstest]
fn each_required_claim_is_required(#[values("exp", "iat", "iss", "aud", "sub")] name: &str) {
    assert_eq!(read_without(name).unwrap_err(), Refusal::Claim);
    assert_eq!(read_with(name, Value::Null).unwrap_err(), Refusal::Claim);
}

#[rstest]
#[case::iss_number("iss", json!(7))]
#[case::iss_array("iss", json!(["https://id.example.internal"]))]
#[case::sub_number("sub", json!(7))]
#[case::sub_empty("sub", json!(""))]
#[case::sub_long("sub", json!("x".repeat(257)))]
#[case::sub_array("sub", json!(["svc-board"]))]
#[case::aud_number("aud", json!(7))]
#[case::aud_object("aud", json!({"rollcall": true}))]
#[case::aud_true("aud", json!(true))]
#[case::aud_nested("aud", json!([["rollcall"]]))]
#[case::aud_mixed("aud", json!(["rollcall", 7]))]
#[case::aud_null_entry("aud", json!(["rollcall", null]))]
#[case::exp_text("exp", json!(NOW.to_string()))]
#[case::exp_nan_text("exp", json!("NaN"))]
#[case::exp_infinite_text("exp", json!("Infinity"))]
#[case::exp_true("exp", json!(true))]
#[case::exp_array("exp", json!([NOW + 60]))]
#[case::exp_huge("exp", json!(1_000_000_000_000_000_000_u64))]
#[case::exp_huge_float("exp", json!(1e300))]
#[case::exp_u64_max("exp", json!(u64::MAX))]
#[case::exp_milliseconds("exp", json!((NOW + 60) * 1000))]
#[case::exp_negative("exp", json!(-1))]
#[case::iat_negative("iat", json!(-1.5))]
#[case::iat_text("iat", json!("now"))]
#[case::nbf_null("nbf", Value::Null)]
#[case::nbf_text("nbf", json!("0"))]
#[case::nbf_huge("nbf", json!(1e18))]
#[case::scope_mixed("scope", json!(["sessions:read", 7]))]
#[case::scope_null("scope", Value::Null)]
#[case::scope_number("scope", json!(7))]
#[case::scope_object("scope", json!({}))]
#[case::providers_null("providers", Value::Null)]
#[case::providers_text("providers", json!("huddle01"))]
#[case::providers_object("providers", json!({"huddle01": true}))]
#[case::providers_true("providers", json!(true))]
#[case::providers_number_entry("providers", json!(["huddle01", 7]))]
#[case::providers_nested("providers", json!([["huddle01"]]))]
#[case::providers_null_entry("providers", json!([null]))]
fn a_claim_of_a_wrong_type_is_refused(#[case] name: &str, #[case] value: Value) {
    assert_eq!(read_with(name, value).unwrap_err(), Refusal::Claim);
}

#[test]
fn values_are_compared_exactly() {
    for issuer in ["", "https://id.example.internal/", "HTTPS://ID.EXAMPLE.INTERNAL", "https://id.example.internal\0"] {
        assert_eq!(read_with("iss", json!(issuer)).unwrap_err(), Refusal::Issuer, "{issuer:?}");
    }
    for audience in [json!("other"), json!("Rollcall"), json!(""), json!([]), json!(["other"]), json!(["rollcall "])] {
        assert_eq!(read_with("aud", audience.clone()).unwrap_err(), Refusal::Audience, "{audience}");
    }
    assert!(read_with("aud", json!(["other", "rollcall"])).is_ok());
    assert!(read_with("sub", json!("x".repeat(256))).is_ok());
}

#[test]
fn times_have_the_leeway_and_no_more() {
    for (name, value, expected) in [
        ("exp", json!(NOW - 4), Ok(())),
        ("exp", json!(NOW - 5), Err(Refusal::Expired)),
        ("exp", json!(NOW as f64 - 4.9), Ok(())),
        ("exp", json!(NOW as f64 - 5.1), Err(Refusal::Expired)),
        ("iat", json!(NOW + 5), Ok(())),
        ("iat", json!(NOW + 6), Err(Refusal::IssuedInFuture)),
        ("iat", json!(NOW as f64 + 5.1), Err(Refusal::IssuedInFuture)),
        ("nbf", json!(NOW + 5), Ok(())),
        ("nbf", json!(NOW + 6), Err(Refusal::NotYetValid)),
        ("nbf", json!(0), Ok(())),
    ] {
        assert_eq!(read_with(name, value.clone()).map(|_| ()), expected, "{name} {value}");
    }
}

#[test]
fn a_token_lives_no_longer_than_allowed_and_longer_than_nothing() {
    let read = |iat: i64, exp: i64| {
        let mut claims = claims();
        claims["iat"] = json!(iat);
        claims["exp"] = json!(exp);
        read_json(&claims.to_string()).map(|_| ())
    };
    assert_eq!(read(NOW - 60, NOW - 60 + 3600), Ok(()));
    assert_eq!(read(NOW - 60, NOW - 60 + 3601), Err(Refusal::Lifetime));
    assert_eq!(read(0, NOW + 60), Err(Refusal::Lifetime));
    assert_eq!(read(NOW, NOW), Err(Refusal::Lifetime));
    assert_eq!(read(NOW + 2, NOW + 1), Err(Refusal::Lifetime));
}

#[test]
fn a_claim_given_twice_is_refused_even_if_not_known() {
    let claims = claims().to_string();
    let twice = |member: &str| format!("{},{member}}}", claims.strip_suffix('}').unwrap());
    for member in [r#""sub":"svc-board""#, r#""exp":1"#, r#""a":1,"a":1"#, r#""\u0073ub":"x""#] {
        assert_eq!(read_json(&twice(member)).map(|_| ()), Err(Refusal::Duplicate), "{member}");
    }
    assert!(read_json(&twice(r#""unknown":{"deep":[null]}"#)).is_ok());
}

#[test]
fn scopes_are_separated_by_spaces() {
    let may = |scope: &str| {
        let caller = read_with("scope", json!(scope)).unwrap();
        (caller.may(Scope::Read), caller.may(Scope::Moderate))
    };
    assert_eq!(may("sessions:read sessions:moderate"), (true, true));
    assert_eq!(may("  sessions:moderate  other "), (false, true));
    assert_eq!(may(""), (false, false));
    for other in ["sessions:read,sessions:moderate", "SESSIONS:READ", "sessions:*", "sessions", "sessions:read\t"] {
        assert_eq!(may(other), (false, false), "{other}");
    }
    let many: String = (0..2000).map(|n| format!("s{n} ")).collect();
    let (many, few) = (read_with("scope", json!(many)).unwrap(), read_with("scope", json!("")).unwrap());
    assert_eq!(many.footprint(), few.footprint(), "what is not known is not kept");
    let none = read_without("scope").unwrap();
    assert!(!none.may(Scope::Read) && !none.may(Scope::Moderate));
}

#[test]
fn the_providers_claim_limits_what_is_seen() {
    let [ours, other] = ["huddle01", "rtk-eu"].map(|id| ProviderId::new(id).unwrap());
    let caller = read_with("providers", json!(["huddle01", "", "../x"])).unwrap();
    assert!(caller.sees(&ours) && !caller.sees(&other));
    let nothing = read_with("providers", json!([])).unwrap();
    assert!(!nothing.sees(&ours) && !nothing.sees(&other));

    let mut config = issuer_config(hs256_source());
    config.require_providers_claim = true;
    assert_eq!(read_as(&config, &claims().to_string()).unwrap_err(), Refusal::ProvidersMissing);
}
