//! Three replicas over a real store, and what can go wrong on the way to it.

use std::time::Duration;

use futures_util::future::join_all;
use provider_simulator::{Person, RateLimit, Service};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rollcall_tests::{FaultyLink, LinkFault, RedisServer, Setup, Stack};
use serde_json::json;
use tempfile::TempDir;

const LIST: &str = "/v1/live-sessions?provider=realtimekit";

async fn replicas(setup: Setup) -> [Stack; 3] {
    // What is allowed is no matter here.
    let allowed = Some(RateLimit { requests: 1_000_000, window: Duration::from_secs(1) });
    let cache = "fresh_for = \"60s\"".to_owned();
    let setup = Setup { allowed, cache, ..setup };
    let first = Stack::start_with(setup.clone()).await;
    let (second, third) = (first.beside(setup.clone()).await, first.beside(setup).await);
    [first, second, third]
}

async fn all_share(replicas: &[Stack], shares: bool) {
    join_all(replicas.iter().map(|replica| replica.shares(shares))).await;
}

/// Everybody reads, and one kicks: every answer is 200, whatever is wrong with the store.
async fn all_answer(replicas: &[Stack], room: &str) {
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let asking = replicas.iter().map(|replica| async {
        for path in [LIST, &base, &format!("{base}/participants")] {
            let _ = replica.get(path).await.expect(200);
        }
        let dora = replicas[0].world.join(room, Person::named("Dora")).expect("a room");
        let body = json!({ "participant_ids": [dora.participant_id] });
        let _ = replica.post(&format!("{base}/kick"), &body).await.expect(200);
    });
    join_all(asking).await;
}

/// What is changed on one, no other serves from before.
async fn act_as_one(replicas: &[Stack], room: &str) {
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    for one in 0..replicas.len() {
        let dora = replicas[0].world.join(room, Person::named("Dora")).expect("a room");
        let body = json!({ "participant_ids": [dora.participant_id] });
        let _ = replicas[one].post(&format!("{base}/kick"), &body).await.expect(200);
        tokio::time::sleep(Duration::from_millis(100)).await;
        for replica in replicas {
            assert_eq!(replica.get(&base).await.expect(200)["participant_count"], 1);
            let people = replica.get(&format!("{base}/participants")).await.expect(200);
            assert_eq!(people["data"].as_array().map(Vec::len), Some(1));
        }
    }
}

#[tokio::test]
async fn whatever_goes_wrong_on_the_way_no_request_fails_and_then_they_act_as_one_again() {
    let Some(store) = RedisServer::start().await else { return };
    let link = FaultyLink::to(store.port()).await;
    let cluster = format!("url = \"redis://{}\"\ntimeout = \"300ms\"", link.address());
    let replicas = replicas(Setup { cluster, ..Setup::default() }).await;
    all_share(&replicas, true).await;
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    act_as_one(&replicas, &room).await;
    let delays = LinkFault::Delays(Duration::from_secs(1));
    for fault in [LinkFault::Refuses, LinkFault::Hangs, delays, LinkFault::Corrupts] {
        link.set(Some(fault));
        for _ in 0..3 {
            all_answer(&replicas, &room).await;
        }
        all_share(&replicas, false).await;
        all_answer(&replicas, &room).await;
        link.set(None);
        all_share(&replicas, true).await;
        // What each has to say after the store was away, the others have heard by then.
        tokio::time::sleep(Duration::from_millis(100)).await;
        act_as_one(&replicas, &room).await;
    }
    store.stand_still(true);
    for _ in 0..3 {
        all_answer(&replicas, &room).await;
    }
    all_share(&replicas, false).await;
    store.stand_still(false);
    all_share(&replicas, true).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    act_as_one(&replicas, &room).await;
}

/// An authority's certificate, and one of `localhost` that it vouches for, with its key.
fn certificates() -> [String; 3] {
    let authority_key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![]).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).expect("a certificate");
    let issuer = Issuer::new(params, authority_key);
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    [authority.pem(), params.signed_by(&key, &issuer).expect("a certificate").pem(), key.serialize_pem()]
}

#[tokio::test]
async fn over_tls_they_act_as_one_and_over_a_certificate_of_others_each_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file in a new folder");
        path.to_str().expect("text").to_owned()
    };
    let [authority, certificate, key] = certificates();
    let [ca, cert, key] = [file("ca.pem", &authority), file("cert.pem", &certificate), file("key.pem", &key)];
    let tls = ["--port", "0", "--tls-port", "PORT", "--tls-auth-clients", "no"];
    let files = ["--tls-ca-cert-file", &ca, "--tls-cert-file", &cert, "--tls-key-file", &key];
    let Some(store) = RedisServer::start_with(&[&tls[..], &files].concat()).await else { return };
    let cluster =
        |ca: &str| format!("url = \"rediss://localhost:{}\"\nca_file = {ca:?}\ntimeout = \"2s\"", store.port());
    let replicas = replicas(Setup { cluster: cluster(&ca), ..Setup::default() }).await;
    all_share(&replicas, true).await;
    let room = replicas[0].live_room(Service::RealtimeKit, "Sync", &["Chen"]);
    act_as_one(&replicas, &room).await;

    let [other, ..] = certificates();
    let other = file("other.pem", &other);
    let stranger = replicas[0].beside(Setup { cluster: cluster(&other), ..Setup::default() }).await;
    let base = format!("/v1/live-sessions/realtimekit/{room}");
    let before = replicas[0].upstream_requests();
    let _ = stranger.get(&base).await.expect(200);
    assert_eq!(replicas[0].upstream_requests() - before, 1, "it asks for itself");
    stranger.shares(false).await;
}
