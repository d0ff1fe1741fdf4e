//! Keys from a key server over HTTP: late, rotated, removed, asked for by strangers, gone.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rollcall_tests::{EventReader, Setup, Stack, Token};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A key of the identity provider.
struct Signer {
    kid: &'static str,
    pair: Ed25519KeyPair,
}

impl Signer {
    fn new(kid: &'static str) -> Self {
        Self { kid, pair: Ed25519KeyPair::generate().expect("a key") }
    }

    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": x })
    }

    fn token(&self) -> String {
        self.token_of(self.kid)
    }

    /// Signed with this key whatever `kid` says.
    fn token_of(&self, kid: &str) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.to_owned());
        let der = self.pair.to_pkcs8().expect("PKCS #8");
        let key = EncodingKey::from_ed_der(der.as_ref());
        jsonwebtoken::encode(&header, Token::default().claims(), &key).expect("a token")
    }
}

/// The key server; `None` answers 503.
#[derive(Clone, Default)]
struct KeyServer {
    document: Arc<Mutex<Option<String>>>,
    fetches: Arc<AtomicU32>,
}

impl KeyServer {
    fn publish(&self, signers: &[&Signer]) {
        let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
        *self.document.lock().expect("no panic") = Some(json!({ "keys": keys }).to_string());
    }

    fn fail(&self) {
        *self.document.lock().expect("no panic") = None;
    }

    fn fetches(&self) -> u32 {
        self.fetches.load(Ordering::SeqCst)
    }
}

async fn keys(State(server): State<KeyServer>) -> Response {
    server.fetches.fetch_add(1, Ordering::SeqCst);
    let document = server.document.lock().expect("no panic").clone();
    document.map_or_else(|| StatusCode::SERVICE_UNAVAILABLE.into_response(), IntoResponse::into_response)
}

/// A gateway that gets its keys there. The set keeps the server.
async fn gateway(server: &KeyServer) -> (Stack, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/jwks.json", listener.local_addr().expect("bound"));
    let router = Router::new().route("/jwks.json", get(keys)).with_state(server.clone());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    let stack = Stack::start_with(Setup { keys: Some(format!("jwks_url = \"{url}\"")), ..Setup::default() }).await;
    (stack, tasks)
}

async fn ready(stack: &Stack) {
    while stack.get_as("/readyz", None).await.status != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}

async fn status(stack: &Stack, token: &str) -> u16 {
    stack.get_as("/v1/providers", Some(token)).await.status.as_u16()
}

#[tokio::test]
async fn without_any_key_it_is_not_ready_and_once_they_come_it_is() {
    let (server, one) = (KeyServer::default(), Signer::new("one"));
    let (stack, _server) = gateway(&server).await;
    let problem = stack.get_as("/readyz", None).await.problem(503, "provider_unavailable");
    assert_eq!(problem["retryable"], true);
    let _ = stack.send_admin(http::Method::GET, "/readyz", &[]).await.problem(503, "provider_unavailable");
    assert_eq!(stack.get_as("/healthz", None).await.status, StatusCode::OK);
    let _ = stack.get_as("/v1/providers", Some(&one.token())).await.problem(401, "unauthenticated");
    server.publish(&[&one]);
    ready(&stack).await;
    assert_eq!(status(&stack, &one.token()).await, 200);
    let _ = stack.get_as("/v1/providers", Some(&Token::default().sign())).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_rotation_with_overlap_loses_no_valid_request_and_a_removed_key_is_refused() {
    let (server, old, new) = (KeyServer::default(), Signer::new("old"), Signer::new("new"));
    server.publish(&[&old]);
    let (stack, _server) = gateway(&server).await;
    ready(&stack).await;
    let (old_token, new_token) = (old.token(), new.token());
    assert_eq!(status(&stack, &old_token).await, 200);

    server.publish(&[&old, &new]);
    let tokens: Vec<&str> = (0..50).flat_map(|_| [old_token.as_str(), new_token.as_str()]).collect();
    let statuses = join_all(tokens.iter().map(|token| status(&stack, token))).await;
    assert_eq!(statuses, vec![200; 100], "both keys are good, and the new one was not known when it was first used");
    assert_eq!(server.fetches(), 2, "one at the start, one for the new key");
}

#[tokio::test]
async fn a_remembered_token_of_a_removed_key_is_refused_after_the_refresh() {
    let (server, old, new) = (KeyServer::default(), Signer::new("old"), Signer::new("new"));
    server.publish(&[&old]);
    let (stack, _server) = gateway(&server).await;
    ready(&stack).await;
    let old_token = old.token();
    assert_eq!(status(&stack, &old_token).await, 200);
    server.publish(&[&new]);
    assert_eq!(status(&stack, &old_token).await, 200, "nobody has looked yet");
    assert_eq!(status(&stack, &new.token()).await, 200, "this makes it look");
    assert_eq!(status(&stack, &old_token).await, 401);
    assert_eq!(status(&stack, &old.token_of("new")).await, 401, "the old key under the new name");
}

#[tokio::test]
async fn a_flood_of_unknown_kids_costs_one_fetch_and_disturbs_nobody() {
    let (server, known) = (KeyServer::default(), Signer::new("known"));
    server.publish(&[&known]);
    let (stack, _server) = gateway(&server).await;
    ready(&stack).await;
    let fetched = server.fetches();
    let good = known.token();
    for round in 0..10 {
        let flood = (0..50).map(|n| known.token_of(&format!("stranger-{round}-{n}")));
        let flood: Vec<String> = flood.collect();
        let (strangers, friends) = futures_util::join!(
            join_all(flood.iter().map(|token| status(&stack, token))),
            join_all((0..10).map(|_| status(&stack, &good))),
        );
        assert_eq!((strangers, friends), (vec![401; 50], vec![200; 10]));
    }
    assert_eq!(server.fetches() - fetched, 1);
}

#[tokio::test]
async fn a_key_server_that_is_down_takes_nobody_with_it() {
    let (server, known, later) = (KeyServer::default(), Signer::new("known"), Signer::new("later"));
    server.publish(&[&known]);
    let (stack, mut tasks) = gateway(&server).await;
    ready(&stack).await;
    server.fail();
    let fetched = server.fetches();
    assert_eq!(status(&stack, &later.token()).await, 401);
    assert_eq!(server.fetches() - fetched, 1, "it was asked and failed");
    tasks.shutdown().await;
    let tokens: Vec<String> = (0..20).map(|_| known.token()).collect();
    assert_eq!(join_all(tokens.iter().map(|token| status(&stack, token))).await, vec![200; 20]);
    assert_eq!(stack.get_as("/readyz", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stream_ends_when_the_key_of_its_token_is_withdrawn() {
    let (server, old, new) = (KeyServer::default(), Signer::new("old"), Signer::new("new"));
    server.publish(&[&old]);
    let (stack, _tasks) = gateway(&server).await;
    ready(&stack).await;
    let mut events = EventReader::open(&stack, "/v1/events", &old.token(), None).await;
    assert_eq!(events.next().await.expect("a snapshot").event, "snapshot");
    server.publish(&[&new]);
    // A token of a key that is not known has the keys fetched.
    let _ = stack.get_as("/v1/providers", Some(&new.token())).await.expect(200);
    let bye = tokio::time::timeout(Duration::from_secs(6), events.until("bye")).await.expect("in time");
    assert_eq!(bye.data["reason"], "unauthorized");
    assert!(events.next().await.is_none());
}
