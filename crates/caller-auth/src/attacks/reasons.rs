//! What is told to whom.

use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;

use crate::Unauthenticated;
use crate::testing::{NOW, Signer, ask, authenticator, claims, hs256_source};

#[test]
fn each_reason_is_counted_and_the_caller_learns_none() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let refused = [
        ("malformed", "a.b".to_owned()),
        ("too_large", "x".repeat(9000)),
        ("typ", Signer::hs256().sign(r#"{"alg":"HS256","typ":"JWE"}"#, "{}")),
        ("header_member", Signer::hs256().sign(r#"{"alg":"HS256","typ":"JWT","crit":["x"]}"#, "{}")),
        ("algorithm", Signer::hs256().sign(r#"{"alg":"none","typ":"JWT"}"#, &claims().to_string())),
        ("signature", with_the_signature_of(&with("sub", json!("other")))),
        ("claim", with("sub", json!(null))),
        ("issuer", with("iss", json!("https://evil.example"))),
        ("audience", with("aud", json!("other"))),
        ("expired", with("exp", json!(NOW - 30))),
        ("not_yet_valid", with("nbf", json!(NOW + 30))),
        ("issued_in_future", with("iat", json!(NOW + 30))),
        ("lifetime", with("exp", json!(NOW + 7200))),
    ];
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let authenticator = authenticator(hs256_source());
            for (reason, token) in &refused {
                assert_eq!(ask(&authenticator, token).await, Err(Unauthenticated), "{reason}");
            }
            assert!(ask(&authenticator, &Signer::hs256().token(&claims())).await.is_ok());
        });
    });
    let rendered = handle.render();
    for (reason, _) in &refused {
        let line = format!("rollcall_auth_refused_total{{reason=\"{reason}\"}} 1\n");
        assert!(rendered.contains(&line), "{line}{rendered}");
    }
    assert_eq!(rendered.matches("rollcall_auth_refused_total{").count(), refused.len());
}

/// Good claims under another token's signature.
fn with_the_signature_of(other: &str) -> String {
    let good = Signer::hs256().token(&claims());
    let (signed, _) = good.rsplit_once('.').unwrap();
    format!("{signed}.{}", other.rsplit_once('.').unwrap().1)
}

fn with(name: &str, value: serde_json::Value) -> String {
    let mut claims = claims();
    claims[name] = value;
    Signer::hs256().token(&claims)
}
