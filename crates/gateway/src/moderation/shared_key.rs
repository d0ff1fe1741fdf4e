//! A mutation's key where there are other replicas: claimed before anything is sent, and never taken over.

use std::time::Duration;

use bytes::Bytes;
use coordination::{KeyState, Name};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::idempotency::{Fingerprint, KeyScope, Remember};
use crate::moderation::{Done, Outcome};
use crate::problem::{Code, Problem};
use crate::sharing::Sharing;

/// How long an outcome is kept, as in one process.
const KEPT_FOR: Duration = Duration::from_secs(600);

/// A claim is kept for longer than its mutation can take.
const CLAIMED_FOR: Duration = Duration::from_secs(660);

/// How often is looked whether another replica has come to an end.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The most bytes of an outcome.
const MAX_OUTCOME: usize = 1 << 20;

/// How a key stands among the replicas.
pub(super) enum SharedKey {
    /// This replica's: nobody has used it before.
    Claimed(ClaimedKey),
    /// Used before, with this outcome.
    Known(Outcome),
    /// Used before by a replica that has not told its outcome, and perhaps never will.
    Untold(Outcome),
    /// Used before with another body.
    Reused,
    /// The store is away: it holds on this replica alone.
    Alone,
}

/// A key that is to be settled.
pub(super) struct ClaimedKey {
    sharing: Sharing,
    key: Name,
    fingerprint: Name,
}

/// An outcome as replicas give it to each other. Frozen.
#[derive(Debug, Serialize, Deserialize)]
enum SharedOutcome {
    #[serde(rename = "done")]
    Done { status: u16, body: String },
    #[serde(rename = "problem")]
    Problem {
        code: String,
        detail: String,
        retryable: bool,
        retry_after: Option<u64>,
        provider: Option<String>,
        upstream_status: Option<u16>,
    },
}

/// Claims the key, or waits until `until` for the outcome of whoever has.
pub(super) async fn enter(sharing: &Sharing, scope: &KeyScope, fingerprint: Fingerprint, until: Instant) -> SharedKey {
    let Some(account) = sharing.scope(&scope.provider) else { return SharedKey::Alone };
    let account = account.0.to_string();
    let parts = [account.as_str(), &scope.issuer, &scope.subject, scope.operation.as_str(), scope.room.as_str()];
    let key = Name::of(parts.into_iter().chain([scope.key.as_str()]).map(str::as_bytes));
    let fingerprint = Name::of([&fingerprint.as_bytes()[..]]);
    loop {
        match sharing.cluster().enter_key(key, fingerprint, CLAIMED_FOR).await {
            None => return SharedKey::Alone,
            Some(KeyState::New) => {
                return SharedKey::Claimed(ClaimedKey { sharing: sharing.clone(), key, fingerprint });
            }
            Some(KeyState::Claimed { same: false } | KeyState::Settled { same: false, .. }) => {
                return SharedKey::Reused;
            }
            Some(KeyState::Settled { same: true, outcome }) => return SharedKey::Known(decode(&outcome)),
            Some(KeyState::Claimed { same: true }) if Instant::now() + LOOK_EVERY >= until => {
                return SharedKey::Untold(Err(unknown()));
            }
            Some(KeyState::Claimed { same: true }) => sleep(LOOK_EVERY).await,
        }
    }
}

impl ClaimedKey {
    /// Keeps the outcome for every replica, unless repeating the request may help.
    pub(super) async fn settle(self, outcome: &Outcome) {
        let kept = outcome.stands().then(|| encode(outcome));
        self.sharing.cluster().settle_key(self.key, self.fingerprint, kept, KEPT_FOR).await;
    }
}

fn unknown() -> Box<Problem> {
    let detail = "This Idempotency-Key was used at another instance of Rollcall, which has not said how it ended. Whether it \
                  took effect is unknown; look before repeating it with another key.";
    Box::new(Problem::new(Code::Internal, detail))
}

fn encode(outcome: &Outcome) -> Bytes {
    let shared = match outcome {
        Ok(done) => {
            SharedOutcome::Done { status: done.status.as_u16(), body: String::from_utf8_lossy(&done.body).into_owned() }
        }
        Err(problem) => SharedOutcome::Problem {
            code: problem.code.as_str().to_owned(),
            detail: problem.detail.to_string(),
            retryable: problem.retryable,
            retry_after: problem.retry_after_seconds,
            provider: problem.provider.clone(),
            upstream_status: problem.upstream_status,
        },
    };
    match serde_json::to_vec(&shared) {
        Ok(bytes) if bytes.len() <= MAX_OUTCOME => bytes.into(),
        _ => encode(&Outcome::too_large()),
    }
}

/// What does not read as ours is an outcome that nobody knows: nothing is sent again.
fn decode(bytes: &[u8]) -> Outcome {
    match serde_json::from_slice(bytes) {
        Ok(SharedOutcome::Done { status, body }) => {
            let status = StatusCode::from_u16(status).map_err(|_| unknown())?;
            Ok(Done { status, body: body.into() })
        }
        Ok(SharedOutcome::Problem { code, detail, retryable, retry_after, provider, upstream_status }) => {
            let code = Code::ALL.iter().copied().find(|known| known.as_str() == code).ok_or_else(unknown)?;
            let problem = Problem::new(code, detail);
            let retry_after_seconds = retry_after;
            Err(Box::new(Problem { retryable, retry_after_seconds, provider, upstream_status, ..problem }))
        }
        Err(_) => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_told_as_it_was() {
        let done = Ok(Done { status: StatusCode::CREATED, body: Bytes::from_static(b"{\"poll_id\":null}") });
        let refused = Problem { upstream_status: Some(404), ..Problem::new(Code::SessionNotLive, "Nothing is live.") };
        let refused = refused.about_provider(&session_provider::ProviderId::new("rtk").unwrap());
        for outcome in [done, Err(Box::new(refused))] {
            let read = decode(&encode(&outcome));
            match (outcome, read) {
                (Ok(a), Ok(b)) => assert_eq!((a.status, a.body), (b.status, b.body)),
                (Err(a), Err(b)) => {
                    assert_eq!(serde_json::to_value(&a).unwrap(), serde_json::to_value(&b).unwrap());
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_format_is_frozen() {
        let done = Ok(Done { status: StatusCode::OK, body: Bytes::from_static(b"{}") });
        assert_eq!(encode(&done), r#"{"done":{"status":200,"body":"{}"}}"#);
        let problem = Err(Box::new(Problem::new(Code::Internal, "So.")));
        assert_eq!(
            encode(&problem),
            r#"{"problem":{"code":"internal","detail":"So.","retryable":false,"retry_after":null,"provider":null,"upstream_status":null}}"#
        );
    }

    #[test]
    fn what_is_not_ours_or_too_large_is_never_sent_again() {
        for rubbish in [&b""[..], b"{}", b"\xff", br#"{"done":{"status":7,"body":""}}"#, br#"{"problem":{"code":"x"}}"#]
        {
            let problem = decode(rubbish).unwrap_err();
            assert_eq!((problem.code, problem.retryable), (Code::Internal, false));
            assert!(problem.detail.contains("unknown"));
        }
        let large = Ok(Done { status: StatusCode::OK, body: vec![b'x'; MAX_OUTCOME + 1].into() });
        assert_eq!(decode(&encode(&large)).unwrap_err().code, Code::Internal);
    }
}
