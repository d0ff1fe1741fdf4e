use http::HeaderMap;
use session_provider::{Operation, ProviderId, RoomId};

use super::*;
use crate::idempotency::IdempotencyKey;

/// An outcome of so many bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Done(usize),
    TryAgain,
    TooLarge,
}

impl Remember for Outcome {
    fn stands(&self) -> bool {
        *self != Self::TryAgain
    }

    fn bytes(&self) -> usize {
        if let Self::Done(bytes) = self { *bytes } else { 10 }
    }

    fn too_large() -> Self {
        Self::TooLarge
    }
}

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
    Fingerprint::of(&of)
}

fn done(bytes: usize) -> Outcome {
    Outcome::Done(bytes)
}

/// The bytes and the number of keys.
fn held(ledger: &KeyLedger<Outcome>) -> (usize, usize) {
    let book = ledger.lock();
    (book.bytes, book.keys.len())
}

fn claim(entry: KeyEntry<Outcome>) -> Claim<Outcome> {
    match entry {
        KeyEntry::New(claim) => claim,
        other => panic!("not new: {other:?}"),
    }
}

fn known(entry: KeyEntry<Outcome>) -> Repeat<Outcome> {
    match entry {
        KeyEntry::Known(repeat) => repeat,
        other => panic!("not known: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn an_outcome_is_kept_ten_minutes() {
    let ledger = KeyLedger::default();
    claim(ledger.enter(scope("k", "a"), print("x"))).settle(&done(3));
    tokio::time::advance(KEPT_FOR - Duration::from_millis(1)).await;
    let outcome = known(ledger.enter(scope("k", "a"), print("x"))).outcome().await.unwrap();
    assert_eq!(outcome, done(3));
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), KeyEntry::Reused));
    assert!(matches!(ledger.enter(scope("k", "b"), print("x")), KeyEntry::New(_)), "another caller's key");
    tokio::time::advance(Duration::from_millis(1)).await;
    drop(claim(ledger.enter(scope("k", "a"), print("y"))));
    assert_eq!(held(&ledger), (0, 0));
}

#[tokio::test]
async fn those_who_wait_get_the_outcome_and_a_retryable_one_is_forgotten() {
    let ledger = KeyLedger::default();
    let first = claim(ledger.enter(scope("k", "a"), print("x")));
    let second = known(ledger.enter(scope("k", "a"), print("x")));
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), KeyEntry::Reused), "while it runs, too");
    first.settle(&Outcome::TryAgain);
    assert_eq!(second.outcome().await, Some(Outcome::TryAgain));
    let again = claim(ledger.enter(scope("k", "a"), print("y")));
    again.settle(&done(1));
    assert!(matches!(ledger.enter(scope("k", "a"), print("y")), KeyEntry::Known(Repeat::Finished(_))));
}

#[tokio::test]
async fn a_lost_claim_frees_the_key_and_those_who_wait() {
    let ledger = KeyLedger::default();
    let first = claim(ledger.enter(scope("k", "a"), print("x")));
    let second = known(ledger.enter(scope("k", "a"), print("x")));
    drop(first);
    assert!(second.outcome().await.is_none());
    claim(ledger.enter(scope("k", "a"), print("x")));
}

/// Room for so many bytes of one caller, and twice that of all.
fn bounds(keys: usize, bytes: usize) -> LedgerBounds {
    LedgerBounds { keys_of_caller: keys, bytes_of_caller: bytes, bytes: 2 * bytes, outcome: bytes / 4 }
}

#[tokio::test(start_paused = true)]
async fn a_caller_has_room_for_so_many_keys_and_none_of_them_is_pushed_out() {
    let ledger = KeyLedger::bounded(bounds(3, 1 << 20));
    let enter = |key: &str, caller: &str| ledger.enter(scope(key, caller), print("x"));
    let running = claim(enter("running", "greedy"));
    for key in ["one", "two"] {
        claim(enter(key, "greedy")).settle(&done(1));
    }
    assert!(matches!(enter("three", "greedy"), KeyEntry::Full));
    claim(enter("mine", "other")).settle(&done(1));
    for key in ["one", "two"] {
        assert!(matches!(enter(key, "greedy"), KeyEntry::Known(_)), "{key}");
    }
    drop(running);
    claim(enter("three", "greedy")).settle(&Outcome::TryAgain);
    claim(enter("three", "greedy")).settle(&done(1));
    assert!(matches!(enter("four", "greedy"), KeyEntry::Full));
    tokio::time::advance(KEPT_FOR).await;
    drop(claim(enter("four", "greedy")));
    assert_eq!(held(&ledger), (0, 0));
    assert!(ledger.lock().callers.is_empty());
}

#[tokio::test]
async fn memory_is_bounded_by_bytes_for_a_caller_and_for_all() {
    let ledger = KeyLedger::bounded(bounds(1000, 20_000));
    let mut refused = 0;
    for n in 0..300 {
        match ledger.enter(scope(&format!("k{n}"), ["a", "b", "c"][n % 3]), print("x")) {
            KeyEntry::New(claim) => claim.settle(&done(1000)),
            KeyEntry::Full => refused += 1,
            other => panic!("{other:?}"),
        }
        assert!(held(&ledger).0 <= 40_100, "{:?}", held(&ledger));
    }
    assert!(refused > 200, "{refused}");
    assert!(matches!(ledger.enter(scope("k0", "a"), print("x")), KeyEntry::Known(_)), "the first stay");
}

#[tokio::test]
async fn a_huge_outcome_is_not_kept_and_its_key_stays_used() {
    let ledger = KeyLedger::bounded(bounds(1000, 20_000));
    claim(ledger.enter(scope("small", "a"), print("x"))).settle(&done(10));
    let big = claim(ledger.enter(scope("big", "a"), print("x")));
    let waiting = known(ledger.enter(scope("big", "a"), print("x")));
    big.settle(&done(50_000));
    assert_eq!(waiting.outcome().await, Some(done(50_000)), "who waited gets it");
    let again = known(ledger.enter(scope("big", "a"), print("x"))).outcome().await;
    assert_eq!(again, Some(Outcome::TooLarge));
    assert!(matches!(ledger.enter(scope("small", "a"), print("x")), KeyEntry::Known(_)));
    assert!(held(&ledger).0 < 2_000);
}
