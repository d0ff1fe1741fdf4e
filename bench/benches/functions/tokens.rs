//! A bearer token, seen for the first time and again.

use caller_auth::{AuthConfig, Authenticator, IssuerConfig, KeySource, SharedSecret, Signer};
use criterion::{BatchSize, Criterion};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use serde_json::json;
use session_provider::Clock;

fn secret() -> SharedSecret {
    SharedSecret::new("0123456789abcdef0123456789abcdef0123456789abcdef".to_owned().into()).expect("long enough")
}

fn authenticator(clock: Clock) -> Authenticator {
    let issuer = IssuerConfig::new("bench".to_owned(), vec!["rollcall".to_owned()], KeySource::Hs256(secret()));
    let config = AuthConfig { leeway: std::time::Duration::from_secs(5), issuers: vec![issuer] };
    Authenticator::new(&config, clock).expect("sound keys")
}

/// The headers of a request with a good token.
fn headers(clock: Clock) -> HeaderMap {
    let iat = clock.now().unix_seconds();
    let claims = json!({
        "iss": "bench", "aud": "rollcall", "sub": "bench", "scope": "sessions:read", "iat": iat, "exp": iat + 3600,
    });
    let claims = claims.as_object().expect("an object").clone();
    let token = Signer::with_secret(&secret()).sign(&claims).expect("signed");
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {token}")).expect("a header"))])
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Signature and claims.
pub(crate) fn verified(criterion: &mut Criterion) {
    let runtime = runtime();
    let _entered = runtime.enter();
    let clock = Clock::system();
    let headers = headers(clock);
    criterion.bench_function("a token, verified", |bencher| {
        let fresh = || authenticator(clock);
        let verify = |authenticator: Authenticator| {
            runtime.block_on(authenticator.authenticate(&headers)).expect("a good token");
            authenticator
        };
        bencher.iter_batched(fresh, verify, BatchSize::SmallInput);
    });
}

/// A digest and a look-up.
pub(crate) fn remembered(criterion: &mut Criterion) {
    let runtime = runtime();
    let _entered = runtime.enter();
    let clock = Clock::system();
    let (headers, authenticator) = (headers(clock), authenticator(clock));
    criterion.bench_function("a token, remembered", |bencher| {
        bencher.iter(|| runtime.block_on(authenticator.authenticate(&headers)).expect("a good token"));
    });
}
