//! Signed webhooks as the SDK judges them, and what is made of each kind.

use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::hmac;
use secrecy::SecretString;
use serde::Deserialize;
use session_provider::{
    Notice, NoticeEvent, ProviderId, RoomId, SessionId, Timestamp, WebhookRefusal, WebhookVerifier,
};

use crate::webhook::notice::WebhookBody;
use crate::{Huddle01WebhookVerifier, Huddle01Webhooks};

const KEY: &str = "ak_test_only_not_a_real_key_0123456789";
/// When the signed fixtures were signed, about.
const NOW: i64 = 1_773_486_123_900;

#[derive(Deserialize)]
struct Signed {
    api_key: String,
    headers: std::collections::HashMap<String, String>,
    raw_body: String,
    expect: String,
}

impl Signed {
    fn signature(&self) -> &[u8] {
        self.headers["huddle01-signature"].as_bytes()
    }
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/huddle01/webhooks"))
}

fn fixture(name: &str) -> Signed {
    serde_json::from_slice(&std::fs::read(folder().join("signed").join(name)).unwrap()).unwrap()
}

fn verifier(secrets: &[&str], tolerance: Duration) -> Huddle01WebhookVerifier {
    let secrets = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
    Huddle01WebhookVerifier::new(ProviderId::new("h").unwrap(), Huddle01Webhooks { secrets, tolerance })
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms).unwrap()
}

fn check(signed: &Signed, ms: i64) -> Result<Notice, WebhookRefusal> {
    let day = Duration::from_secs(24 * 3600);
    verifier(&[&signed.api_key], day).check(signed.signature(), signed.raw_body.as_bytes(), at(ms))
}

/// The header that signs this body, as the SDK's own receiver expects it.
fn sign(key: &str, t: &str, body: &str, signed: &str) -> String {
    let id = WebhookBody::read(body).unwrap().id.unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hmac::sign(&key, format!("{id}.{t}.{signed}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={t},sha256={hex}")
}

#[test]
fn every_signed_fixture_is_judged_as_the_sdk_judges_it() {
    let mut names: Vec<_> = std::fs::read_dir(folder().join("signed")).unwrap().map(|it| it.unwrap()).collect();
    names.sort_by_key(std::fs::DirEntry::file_name);
    assert!(names.len() >= 9);
    for entry in names {
        let name = entry.file_name().into_string().unwrap();
        let signed = fixture(&name);
        let checked = check(&signed, NOW);
        match (signed.expect.as_str(), name.as_str()) {
            // The SDK does not look at the time.
            (_, "old-but-valid.json") => assert_eq!(checked, Err(WebhookRefusal::Untimely), "{name}"),
            ("valid", _) => assert!(checked.is_ok(), "{name}: {checked:?}"),
            ("invalid", _) => assert_eq!(checked, Err(WebhookRefusal::Forged), "{name}"),
            (other, _) => panic!("{name} expects {other}"),
        }
    }
    let old = fixture("old-but-valid.json");
    assert!(check(&old, 1_600_000_000_000).is_ok(), "at its time it was good");
}

#[test]
fn a_header_without_a_chance_is_refused_before_the_body_is_known() {
    let verifier = verifier(&[KEY], Duration::from_secs(300));
    for (name, looks) in [
        ("01-meeting-started.sha256.json", Ok(())),
        ("neg-md5.json", Err(WebhookRefusal::Forged)),
        ("neg-space-after-comma.json", Err(WebhookRefusal::Forged)),
        ("old-but-valid.json", Err(WebhookRefusal::Untimely)),
        ("neg-wrong-key.json", Ok(())),
    ] {
        assert_eq!(verifier.look_at(fixture(name).signature(), at(1_773_482_400_900)), looks, "{name}");
    }
}

#[test]
fn a_signature_is_good_from_a_minute_ahead_until_the_tolerance_is_over() {
    let body = r#"{"id":"x","event":"meeting:started","payload":{}}"#;
    let verifier = verifier(&[KEY], Duration::from_secs(300));
    for t in ["1773482400000", "1773482400"] {
        let header = sign(KEY, t, body, body);
        let check = |ms: i64| verifier.check(header.as_bytes(), body.as_bytes(), at(1_773_482_400_000 + ms));
        for good in [-60_000, 0, 300_000] {
            assert!(check(good).is_ok(), "{t} {good}");
        }
        for bad in [-60_001, 300_001] {
            assert_eq!(check(bad), Err(WebhookRefusal::Untimely), "{t} {bad}");
        }
    }
}

#[test]
fn any_one_of_the_secrets_may_have_signed_and_no_other() {
    let body = r#"{"id":"x"}"#;
    let verifier = verifier(&["old-secret", KEY], Duration::from_secs(300));
    for (key, good) in [("old-secret", true), (KEY, true), ("another", false)] {
        let header = sign(key, "1773482400000", body, body);
        assert_eq!(verifier.check(header.as_bytes(), body.as_bytes(), at(1_773_482_400_000)).is_ok(), good, "{key}");
    }
    assert!(!format!("{verifier:?}").contains("secret\""), "{verifier:?}");
}

#[test]
fn the_compact_form_of_any_spelling_is_what_counts() {
    let compact = r#"{"id":"x","n":[1.5,100,1e-7],"text":"é/🦊"}"#;
    let spelt = "\u{feff}{ \"id\":\"x\",\r\n \"n\": [1.50, 1e2, 0.0000001], \"text\":\"\\u00e9\\/\\ud83e\\udd8a\" }\n";
    let verifier = verifier(&[KEY], Duration::from_secs(300));
    let now = at(1_773_482_400_000);
    let header = sign(KEY, "1773482400000", compact, compact);
    assert!(verifier.check(header.as_bytes(), spelt.as_bytes(), now).is_ok());
    // What was signed byte by byte as it is here is good too.
    let header = sign(KEY, "1773482400000", compact, spelt);
    assert!(verifier.check(header.as_bytes(), spelt.as_bytes(), now).is_ok());
}

#[test]
fn the_same_id_is_the_same_delivery() {
    let delivery = |body: &str| {
        let header = sign(KEY, "1773482400000", body, body);
        let verifier = verifier(&[KEY], Duration::from_secs(300));
        verifier.check(header.as_bytes(), body.as_bytes(), at(1_773_482_400_000)).unwrap().delivery
    };
    assert_eq!(delivery(r#"{"id":"a","x":1}"#), delivery(r#"{"id":"a","x":2}"#));
    assert_ne!(delivery(r#"{"id":"a"}"#), delivery(r#"{"id":"b"}"#));
}

#[test]
fn every_kind_names_what_it_is_about() {
    use NoticeEvent::*;
    for (file, event, names_a_room) in [
        ("meeting.started", SessionStarted, true),
        ("meeting.ended", SessionEnded, true),
        ("meeting.ended.minimal", SessionEnded, true),
        ("peer.joined", ParticipantJoined, true),
        ("peer.joined.minimal", ParticipantJoined, true),
        ("peer.joined.payload-array", ParticipantJoined, true),
        ("peer.left", ParticipantLeft, true),
        ("peer.track-published", Other, false),
        ("recording.started", Recording, true),
        ("recording.updated.livestream", Recording, true),
        ("recording.ended", Recording, true),
        ("recording.stopped", Recording, true),
        ("unknown.event", Unknown, true),
    ] {
        let body = WebhookBody::read(&std::fs::read_to_string(folder().join(format!("{file}.json"))).unwrap()).unwrap();
        assert_eq!(body.notice_event(), event, "{file}");
        assert_eq!(body.room, names_a_room.then(|| RoomId::new("kad-mwxe-pfo").unwrap()), "{file}");
        let session = SessionId::new("7b0c6a1e-5a0f-4a51-9d0e-2f4f3f4b8a10").unwrap();
        assert_eq!(body.session, (names_a_room && event != Unknown).then_some(session), "{file}");
    }
}

#[test]
fn what_is_odd_costs_what_is_odd_alone() {
    for (text, id) in [
        ("{}", None),
        (r#"{"id":""}"#, None),
        (r#"{"id":7}"#, None),
        (r#"{"id":"a","id":"b"}"#, Some("b")),
        (r#"{"Id":"a"}"#, None),
        (r#"{"id":"a","payload":null}"#, Some("a")),
        (r#"{"id":"a","payload":[]}"#, Some("a")),
        (r#"{"id":"a","payload":[[]]}"#, Some("a")),
        (r#"{"id":"a","payload":{"roomId":"../x","sessionId":5},"event":1}"#, Some("a")),
    ] {
        let body = WebhookBody::read(text).unwrap();
        assert_eq!(body.id.as_deref(), id, "{text}");
        assert_eq!((&body.room, &body.session, body.notice_event()), (&None, &None, NoticeEvent::Unknown), "{text}");
    }
    for text in ["", "[]", "null", "{}{}", "\"x\""] {
        assert!(WebhookBody::read(text).is_none(), "{text}");
    }
}
