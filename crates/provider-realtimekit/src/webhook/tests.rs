//! Signed webhooks, the key and when it is fetched, and what is made of each kind.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use session_provider::{
    Notice, NoticeEvent, ProviderId, RoomId, SessionId, Timestamp, WebhookRefusal, WebhookVerifier,
};
use tokio::time::advance;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::webhook::notice::WebhookBody;
use crate::{RealtimeKitWebhookVerifier, WebhookKeySource};

#[derive(Deserialize)]
struct Signed {
    headers: std::collections::HashMap<String, String>,
    raw_body: String,
    expect: String,
}

impl Signed {
    fn signature(&self, verifier: &RealtimeKitWebhookVerifier) -> &str {
        verifier.signature_headers().iter().find_map(|name| self.headers.get(*name)).unwrap()
    }

    fn check(&self, verifier: &RealtimeKitWebhookVerifier) -> Result<Notice, WebhookRefusal> {
        verifier.check(self.signature(verifier).as_bytes(), self.raw_body.as_bytes(), Timestamp::LATEST)
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/realtimekit/webhooks"))
}

fn fixture(name: &str) -> Signed {
    serde_json::from_slice(&std::fs::read(folder().join("signed").join(name)).unwrap()).unwrap()
}

fn pem() -> String {
    std::fs::read_to_string(folder().join("test-only-public-key.pem")).unwrap()
}

/// Another key of the same form.
const OTHER_KEY: &str = include_str!("../../../../tests/fixtures/realtimekit/other-public-key.pem");

fn verifier(key: WebhookKeySource) -> RealtimeKitWebhookVerifier {
    RealtimeKitWebhookVerifier::new(ProviderId::new("r").unwrap(), key)
}

#[test]
fn every_signed_fixture_is_judged_over_its_raw_body() {
    let verifier = verifier(WebhookKeySource::fixed(&pem()).unwrap());
    let mut files = 0;
    for entry in std::fs::read_dir(folder().join("signed")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let signed = fixture(&name);
        let checked = signed.check(&verifier);
        match signed.expect.as_str() {
            "valid" => assert!(checked.is_ok(), "{name}: {checked:?}"),
            _ => assert_eq!(checked, Err(WebhookRefusal::Forged), "{name}"),
        }
        files += 1;
    }
    assert!(files >= 7);
}

#[test]
fn a_body_sent_again_is_the_same_delivery_whatever_its_uuid() {
    let verifier = verifier(WebhookKeySource::fixed(&pem()).unwrap());
    let delivery = |name| fixture(name).check(&verifier).unwrap().delivery;
    assert_eq!(delivery("01-meeting-started.json"), delivery("04-retry-same-body-new-uuid.json"));
    assert_ne!(delivery("01-meeting-started.json"), delivery("02-participant-joined.unicode.json"));
}

#[test]
fn what_cannot_be_a_signature_is_refused_before_the_body_is_known() {
    let verifier = verifier(WebhookKeySource::fixed(&pem()).unwrap());
    let now = Timestamp::LATEST;
    let good = fixture("01-meeting-started.json");
    assert_eq!(verifier.look_at(good.signature(&verifier).as_bytes(), now), Ok(()));
    let (short, long) = ("A".repeat(340), "A".repeat(1400));
    for bad in ["", "x", "!!!!", " AAAA", short.as_str(), long.as_str()] {
        assert_eq!(verifier.look_at(bad.as_bytes(), now), Err(WebhookRefusal::Forged), "{bad}");
    }
}

#[test]
fn only_one_rsa_public_key_is_a_key() {
    let (header, footer) = ("-----BEGIN PUBLIC KEY-----\n", "-----END PUBLIC KEY-----\n");
    let ed25519 = format!("{header}MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n{footer}");
    let private = std::fs::read_to_string(folder().join("test-only-private-key.pem")).unwrap();
    for bad in ["", "x", &ed25519, &private, &format!("{header}AAAA\n{footer}")] {
        assert!(WebhookKeySource::fixed(bad).is_err(), "{bad}");
    }
    assert!(WebhookKeySource::fixed(&pem()).is_ok());
    assert!(WebhookKeySource::fixed(OTHER_KEY).is_ok());
}

/// A server that publishes a key, and counts.
async fn published(pem: &str) -> MockServer {
    let server = MockServer::start().await;
    publish(&server, pem).await;
    server
}

async fn publish(server: &MockServer, pem: &str) {
    server.reset().await;
    let body = serde_json::json!({ "success": true, "data": { "publicKey": pem }, "message": "" });
    let answer = ResponseTemplate::new(200).set_body_json(body);
    Mock::given(method("GET")).and(path("/.well-known/webhooks.json")).respond_with(answer).mount(server).await;
}

async fn fetches(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn fetching(server: &MockServer) -> RealtimeKitWebhookVerifier {
    verifier(WebhookKeySource::fetched(&format!("{}/.well-known/webhooks.json", server.uri())).unwrap())
}

/// Moves tokio's time, which stands still only for this: sockets need it to go on.
async fn later(seconds: u64) {
    tokio::time::pause();
    advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn the_key_is_fetched_when_it_is_needed_and_again_after_an_hour() {
    let server = published(&pem()).await;
    let verifier = fetching(&server);
    let signed = fixture("01-meeting-started.json");
    assert_eq!(fetches(&server).await, 0);
    assert_eq!(signed.check(&verifier), Err(WebhookRefusal::NoKey));
    assert!(verifier.renew_key().await);
    assert!(signed.check(&verifier).is_ok());
    later(3599).await;
    assert!(signed.check(&verifier).is_ok());
    later(1).await;
    assert_eq!(signed.check(&verifier), Err(WebhookRefusal::NoKey), "due");
    server.reset().await;
    assert!(verifier.renew_key().await, "the old key goes on while no newer one can be had");
    assert!(signed.check(&verifier).is_ok());
    publish(&server, &pem()).await;
    later(30).await;
    assert_eq!(signed.check(&verifier), Err(WebhookRefusal::NoKey));
    assert!(verifier.renew_key().await);
    assert!(signed.check(&verifier).is_ok());
    assert_eq!(fetches(&server).await, 1);
}

#[tokio::test]
async fn a_fetch_goes_on_when_whoever_began_it_hangs_up() {
    let server = published(&pem()).await;
    let verifier = fetching(&server);
    let mut renewing = verifier.renew_key();
    let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(renewing.as_mut().poll(cx))).await;
    assert!(polled.is_pending());
    drop(renewing);
    assert!(verifier.renew_key().await, "the fetch that had begun has brought the key");
    assert!(fixture("01-meeting-started.json").check(&verifier).is_ok());
    assert_eq!(fetches(&server).await, 1);
}

#[tokio::test]
async fn a_failed_check_fetches_the_key_once_and_at_most_every_30_s() {
    let server = published(OTHER_KEY).await;
    let verifier = fetching(&server);
    let signed = fixture("01-meeting-started.json");
    assert!(verifier.renew_key().await);
    assert_eq!(signed.check(&verifier), Err(WebhookRefusal::Forged));
    for _ in 0..50 {
        assert!(!verifier.renew_key().await, "too soon");
    }
    publish(&server, &pem()).await;
    later(30).await;
    assert_eq!(signed.check(&verifier), Err(WebhookRefusal::Forged));
    assert!(verifier.renew_key().await, "it has changed");
    assert!(signed.check(&verifier).is_ok());
    later(30).await;
    assert!(!verifier.renew_key().await, "the same key says nothing new");
    assert_eq!(fetches(&server).await, 2);
}

#[tokio::test]
async fn many_who_need_it_share_one_fetch() {
    let server = published(&pem()).await;
    let verifier = fetching(&server);
    let all = futures_util::future::join_all((0..20).map(|_| verifier.renew_key())).await;
    assert!(all.iter().all(|renewed| *renewed), "{all:?}");
    assert_eq!(fetches(&server).await, 1);
}

#[tokio::test]
async fn without_a_key_it_is_tried_every_5_s() {
    let server = MockServer::start().await;
    let verifier = fetching(&server);
    for (wait, count) in [(0, 1), (4, 1), (1, 2), (0, 2)] {
        later(wait).await;
        assert!(!verifier.renew_key().await);
        assert_eq!(fetches(&server).await, count, "after {wait} s more");
    }
    for body in ["{}", "x", r#"{"data":{"publicKey":"x"}}"#] {
        server.reset().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(&server).await;
        later(5).await;
        assert!(!verifier.renew_key().await, "{body}");
        assert_eq!(fixture("01-meeting-started.json").check(&verifier), Err(WebhookRefusal::NoKey));
    }
}

#[test]
fn a_key_is_fetched_over_https_or_from_loopback_alone() {
    assert!(WebhookKeySource::fetched("http://example.com/key").is_err());
    assert!(WebhookKeySource::fetched(WebhookKeySource::DEFAULT_URL).is_ok());
}

#[test]
fn every_kind_names_what_it_is_about() {
    use NoticeEvent::*;
    let meeting = || vec![RoomId::new("bbb03399-24e3-4b0c-90ec-172e97e636be").unwrap()];
    let named = || [meeting(), vec![RoomId::new("lcfvaa-absxch").unwrap()]].concat();
    let session = || Some(SessionId::new("813432c7-3c5a-45e2-9acf-eef7061c7584").unwrap());
    for (file, event, rooms, session) in [
        ("meeting.started", SessionStarted, meeting(), session()),
        ("meeting.started.v1-room", SessionStarted, named(), session()),
        ("meeting.ended", SessionEnded, meeting(), session()),
        ("meeting.ended.host", SessionEnded, meeting(), session()),
        ("meeting.participant-joined", ParticipantJoined, meeting(), session()),
        ("meeting.participant-left", ParticipantLeft, meeting(), session()),
        ("meeting.chat-synced", Other, meeting(), session()),
        ("meeting.transcript", Other, meeting(), session()),
        ("meeting.summary", Other, meeting(), session()),
        ("recording.status.recording", Recording, meeting(), session()),
        ("recording.status.uploading", Recording, meeting(), session()),
        ("recording.status.uploaded", Recording, meeting(), session()),
        ("recording.status.uploaded.stop-reason-text", Recording, named(), session()),
        ("livestreaming.status.live", Livestream, meeting(), None),
        ("livestreaming.status.offline.minimal", Livestream, vec![], None),
        ("unknown.event", Unknown, meeting(), session()),
    ] {
        let body = WebhookBody::read(&std::fs::read_to_string(folder().join(format!("{file}.json"))).unwrap());
        assert_eq!(body.notice_event(), event, "{file}");
        assert_eq!((body.rooms, body.session), (rooms, session), "{file}");
    }
}

#[test]
fn what_is_odd_costs_what_is_odd_alone() {
    for text in ["", "[]", "null", "{}", r#"{"event":5,"meeting":[],"recording":"x","meetingId":"../x"}"#] {
        let body = WebhookBody::read(text);
        assert_eq!(body, WebhookBody::default(), "{text}");
        assert_eq!(body.notice_event(), NoticeEvent::Unknown);
    }
}
