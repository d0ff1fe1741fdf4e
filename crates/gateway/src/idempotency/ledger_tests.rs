use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use session_provider::{Operation, ProviderId, RoomId};

use super::*;
use crate::idempotency::IdempotencyKey;
use crate::model::KickRequest;
use crate::moderation::{Command, Done};
use crate::problem::{Code, Problem};

fn scope(key: &str, subject: &str) -> KeyScope {
    let headers = HeaderMap::from_iter([("idempotency-key".parse().unwrap(), key.parse().unwrap())]);
    KeyScope {
        issuer: "iss".into(),
        subject: subject.into(),
        operation: Operation::KickParticipants,
        provider: ProviderId::new("p").unwrap(),
        room: RoomId::new("r").unwrap(),
        key: IdempotencyKey::read(&headers).unwrap().unwrap(),
    }
}

fn print(of: &str) -> Fingerprint {
    let request =
        KickRequest { participant_ids: vec![of.to_owned()], custom_participant_ids: vec![], expected_session_id: None };
    Command::kick(&request).unwrap().fingerprint()
}

fn done(bytes: usize) -> Outcome {
    Ok(Done { status: StatusCode::OK, body: Bytes::from(vec![b'x'; bytes]) })
}

/// The bytes and the number of keys.
fn held(ledger: &Idempotency) -> (usize, usize) {
    let ledger = ledger.ledger();
    (ledger.bytes, ledger.keys.len())
}

fn claim(entry: Entry) -> Claim {
    match entry {
        Entry::New(claim) => claim,
        other => panic!("not new: {other:?}"),
    }
}

fn known(entry: Entry) -> Repeat {
    match entry {
        Entry::Known(repeat) => repeat,
        other => panic!("not known: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_is_kept_ten_minutes() {
    let ledger = Idempotency::default();
    claim(ledger.enter(scope("k", "a"), print("x"))).settle(&done(3));
    tokio::time::advance(KEPT_FOR - Duration::from_millis(1)).await;
    let outcome = known(ledger.enter(scope("k", "a"), print("x"))).outcome().await.unwrap();
    assert_eq!(outcome.unwrap().body, "xxx");
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), Entry::Reused));
    assert!(matches!(ledger.enter(scope("k", "b"), print("x")), Entry::New(_)), "another caller's key");
    tokio::time::advance(Duration::from_millis(1)).await;
    drop(claim(ledger.enter(scope("k", "a"), print("y"))));
    assert_eq!(held(&ledger), (0, 0));
}

#[tokio::test]
async fn those_who_wait_get_the_outcome_and_a_retryable_one_is_forgotten() {
    let ledger = Idempotency::default();
    let first = claim(ledger.enter(scope("k", "a"), print("x")));
    let second = known(ledger.enter(scope("k", "a"), print("x")));
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), Entry::Reused), "while it runs, too");
    first.settle(&Err(Box::new(Problem::new(Code::Overloaded, "later"))));
    assert_eq!(second.outcome().await.unwrap().unwrap_err().code, Code::Overloaded);
    let again = claim(ledger.enter(scope("k", "a"), print("y")));
    again.settle(&Err(Box::new(Problem::new(Code::Internal, "ours"))));
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), Entry::Known(Repeat::Finished(Err(_)))));
}

#[tokio::test]
async fn a_lost_claim_frees_the_key_and_those_who_wait() {
    let ledger = Idempotency::default();
    let first = claim(ledger.enter(scope("k", "a"), print("x")));
    let second = known(ledger.enter(scope("k", "a"), print("x")));
    drop(first);
    assert!(second.outcome().await.is_none());
    claim(ledger.enter(scope("k", "a"), print("x")));
}

#[tokio::test]
async fn the_oldest_finished_go_first_and_those_under_way_never() {
    let ledger = Idempotency::bounded(2, 1 << 20);
    let running = claim(ledger.enter(scope("running", "a"), print("x")));
    claim(ledger.enter(scope("one", "a"), print("x"))).settle(&done(1));
    let other = claim(ledger.enter(scope("two", "a"), print("x")));
    assert!(matches!(ledger.enter(scope("three", "a"), print("x")), Entry::Full));
    other.settle(&done(1));
    drop(claim(ledger.enter(scope("one", "a"), print("x"))));
    running.settle(&done(1));
    assert_eq!(held(&ledger).1, 1);
}

#[tokio::test]
async fn memory_is_bounded_by_bytes() {
    let ledger = Idempotency::bounded(1000, 20_000);
    for n in 0..100 {
        claim(ledger.enter(scope(&format!("k{n}"), "a"), print("x"))).settle(&done(1000));
        assert!(held(&ledger).0 <= 20_000);
    }
    assert!((5..20).contains(&held(&ledger).1));
    assert!(matches!(ledger.enter(scope("k99", "a"), print("x")), Entry::Known(_)), "the newest stay");
}

#[tokio::test]
async fn a_huge_outcome_pushes_nobody_out_and_its_key_stays_used() {
    let ledger = Idempotency::bounded(1000, 20_000);
    claim(ledger.enter(scope("small", "a"), print("x"))).settle(&done(10));
    let big = claim(ledger.enter(scope("big", "a"), print("x")));
    let waiting = known(ledger.enter(scope("big", "a"), print("x")));
    big.settle(&done(50_000));
    assert_eq!(waiting.outcome().await.unwrap().unwrap().body.len(), 50_000, "who waited gets it");
    let again = known(ledger.enter(scope("big", "a"), print("x"))).outcome().await.unwrap().unwrap_err();
    assert!(!again.retryable && again.detail.contains("was done"), "{}", again.detail);
    assert!(matches!(ledger.enter(scope("small", "a"), print("x")), Entry::Known(_)));
    assert!(held(&ledger).0 < 2_000);
}
