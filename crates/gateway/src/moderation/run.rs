//! The way of a mutation.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use http::StatusCode;
use session_provider::{CallContext, Effect, ErrorKind, SessionId, SessionStatus};
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::audit::{AuditLog, AuditOutcome};
use crate::changes::{Cause, Changes, RoomChange};
use crate::idempotency::{Claim, IdempotencyKey, KeyEntry, KeyLedger, KeyScope};
use crate::model::{KickAllResult, KickResult, PollJson};
use crate::moderation::command::Action;
use crate::moderation::shared_key::{self, SharedKey};
use crate::moderation::{Done, Order, Outcome};
use crate::problem::{Code, Problem};
use crate::sharing::Sharing;
use crate::time_budget::TimeBudget;

/// Carries mutations out. Cheap to clone; clones share the idempotency keys.
#[derive(Debug, Clone)]
pub struct Moderation {
    audit: AuditLog,
    changes: Changes,
    tasks: TaskTracker,
    time: TimeBudget,
    ledger: KeyLedger<Outcome>,
    sharing: Option<Sharing>,
}

impl Moderation {
    /// With no key in use. What is carried out runs on `tasks`, which the drain waits for.
    #[must_use]
    pub fn new(audit: AuditLog, changes: Changes, tasks: TaskTracker, time: TimeBudget) -> Self {
        Self { audit, changes, tasks, time, ledger: KeyLedger::default(), sharing: None }
    }

    /// Beside other replicas, with which the keys are shared.
    #[must_use]
    pub fn among_replicas(self, sharing: Option<Sharing>) -> Self {
        Self { sharing, ..self }
    }

    /// Carries the order out, or repeats what an earlier one of the same key led to; then the second value is true.
    ///
    /// The work runs in a task of its own: when the caller hangs up, it still comes to its end, is written down and
    /// makes the cache forget.
    ///
    /// # Errors
    /// The problem to answer with when nothing was begun.
    pub async fn run(&self, order: Order, key: Option<IdempotencyKey>) -> Result<(Outcome, bool), Box<Problem>> {
        let scope = key.map(|key| order.key_scope(key));
        let keyed = match scope.map(|scope| (self.ledger.enter(scope.clone(), order.command.fingerprint()), scope)) {
            None => None,
            Some((KeyEntry::New(claim), scope)) => Some((scope, claim)),
            Some((KeyEntry::Known(repeat), _)) => {
                return Ok((repeat.outcome().await.unwrap_or_else(|| Err(lost())), true));
            }
            Some((KeyEntry::Reused, _)) => return Err(reused()),
            Some((KeyEntry::Full, _)) => {
                let detail =
                    "No further Idempotency-Key can be remembered now: each is kept for 10 minutes. Nothing was sent.";
                let problem = Problem::new(Code::Overloaded, detail).with_retry_after(Duration::from_secs(1));
                return Err(Box::new(problem));
            }
        };
        let this = self.clone();
        let task = self.tasks.spawn(async move { this.carry_out(order, keyed).await }.in_current_span());
        task.await.unwrap_or_else(|_| Err(lost()))
    }

    /// From the key, which other replicas may know, to its outcome. In a task of its own from the claim on: whoever hangs up
    /// leaves no key behind that was claimed for nothing.
    async fn carry_out(
        &self,
        order: Order,
        keyed: Option<(KeyScope, Claim<Outcome>)>,
    ) -> Result<(Outcome, bool), Box<Problem>> {
        let Some((scope, claim)) = keyed else { return Ok((settled(None, self.attempt(&order)).await, false)) };
        let shared = match &self.sharing {
            None => SharedKey::Alone,
            Some(sharing) => {
                let until = self.time.provider_deadline(order.arrival);
                shared_key::enter(sharing, &scope, order.command.fingerprint(), until).await
            }
        };
        let shared = match shared {
            SharedKey::Claimed(key) => Some(key),
            SharedKey::Alone => None,
            SharedKey::Known(outcome) => {
                claim.settle(&outcome);
                return Ok((outcome, true));
            }
            // Not remembered: whoever asks again may find it told by then.
            SharedKey::Untold(outcome) => return Ok((outcome, true)),
            SharedKey::Reused => return Err(reused()),
        };
        let outcome = settled(Some(claim), self.attempt(&order)).await;
        if let Some(key) = shared {
            key.settle(&outcome).await;
        }
        Ok((outcome, false))
    }
}

fn reused() -> Box<Problem> {
    let detail = "This Idempotency-Key was used with another body within 10 minutes; use a new key.";
    Box::new(Problem::new(Code::IdempotencyKeyReused, detail))
}

/// It ended without an outcome: it panicked outside the provider, or the runtime is going down.
fn lost() -> Box<Problem> {
    let detail = "Rollcall failed; this is our bug. Whether it took effect is unknown; look before repeating it.";
    Box::new(Problem::new(Code::Internal, detail))
}

/// The outcome of the attempt, kept for its key. A panic leaves an unknown outcome and uses the key up: what was sent
/// before it must not be sent again under that key.
async fn settled(claim: Option<Claim<Outcome>>, attempt: impl Future<Output = Outcome>) -> Outcome {
    let outcome = AssertUnwindSafe(attempt).catch_unwind().await.unwrap_or_else(|_| Err(lost()));
    if let Some(claim) = claim {
        claim.settle(&outcome);
    }
    outcome
}

impl Moderation {
    async fn attempt(&self, order: &Order) -> Outcome {
        let deadline = self.time.provider_deadline(order.arrival);
        let payer = order.caller.payer();
        if let Some(expected) = order.command.expected_session() {
            let read = CallContext::read(order.request_id.clone(), deadline).paid_by(payer);
            check_session(order, expected, &read).await?;
        }
        let Ok(intended) = self.audit.intent(order.audit_record()).await else {
            let detail = "The audit log cannot be written, so nothing was sent. Its operator must act.";
            let problem = Problem::new(Code::AuditUnavailable, detail).with_retry_after(Duration::from_secs(5));
            return Err(Box::new(problem.about_provider(order.provider.id())));
        };
        let call = CallContext::mutation(order.request_id.clone(), deadline).paid_by(payer);
        let over = self.changes.publish_at_the_end(RoomChange {
            provider: order.provider.id().clone(),
            room: order.room.clone(),
            session: order.command.expected_session().cloned(),
            cause: Cause::Mutation(order.command.operation()),
        });
        let result = send(order, &call).await;
        drop(over);
        if let Some(sharing) = &self.sharing {
            sharing.tell_now(order.provider.id()).await;
        }
        let written = match &result {
            Ok(_) => AuditOutcome::Done,
            Err(error) if error.effect() == Effect::None => AuditOutcome::Refused(error.kind()),
            Err(error) => AuditOutcome::Unknown(error.kind()),
        };
        self.audit.outcome(intended, written).await;
        result.unwrap_or_else(|error| {
            tracing::warn!(%error, source = std::error::Error::source(&error), "a mutation failed");
            Err(Box::new(Problem::from(&error)))
        })
    }
}

/// Asks the provider, not the cache, which session is running.
async fn check_session(order: &Order, expected: &SessionId, read: &CallContext) -> Result<(), Box<Problem>> {
    let about = |problem: Problem| Box::new(problem.about_provider(order.provider.id()));
    let running =
        order.provider.get_live_session(read, &order.room).await.map_err(|error| about(Problem::from(&error)))?;
    match &running.session_id {
        _ if running.status == SessionStatus::Ended => Err(about(Problem::from(&ErrorKind::SessionNotLive.into()))),
        Some(id) if id == expected => Ok(()),
        Some(_) => {
            let detail = "Another session than expected_session_id is running in this room; nothing was sent.";
            Err(about(Problem::new(Code::SessionChanged, detail)))
        }
        None => {
            let detail = "The provider did not say which session is running, so nothing was sent.";
            Err(about(Problem::new(Code::ProviderBadResponse, detail)))
        }
    }
}

async fn send(order: &Order, call: &CallContext) -> session_provider::Result<Outcome> {
    let (provider, room) = (&order.provider, &order.room);
    Ok(match &order.command.action {
        Action::Kick(targets) => {
            let kicked = provider.kick_participants(call, room, targets).await?;
            let answer = KickResult { kicked: kicked.iter().map(Into::into).collect() };
            Done::render(StatusCode::OK, &answer)
        }
        Action::KickAll => {
            let answer = KickAllResult { kicked_count: provider.kick_all_participants(call, room).await? };
            Done::render(StatusCode::OK, &answer)
        }
        Action::CreatePoll(poll) => {
            let created = provider.create_poll(call, room, poll).await?;
            Done::render(StatusCode::CREATED, &PollJson::from(&created))
        }
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use session_provider::{Operation, ProviderId, RoomId};

    use crate::idempotency::{Fingerprint, IdempotencyKey, KeyEntry, KeyLedger, KeyScope};
    use crate::moderation::run::settled;
    use crate::problem::Code;

    #[tokio::test]
    async fn a_panic_after_sending_uses_the_key_up() {
        let ledger = KeyLedger::default();
        let headers = HeaderMap::from_iter([("idempotency-key".parse().unwrap(), HeaderValue::from_static("once"))]);
        let enter = || {
            let scope = KeyScope {
                issuer: "https://id.example".to_owned(),
                subject: "tester".to_owned(),
                operation: Operation::KickAllParticipants,
                provider: ProviderId::new("able").unwrap(),
                room: RoomId::new("room").unwrap(),
                key: IdempotencyKey::read(&headers).unwrap().unwrap(),
            };
            ledger.enter(scope, Fingerprint::of(&"{}"))
        };
        let KeyEntry::New(claim) = enter() else { panic!("the key is new") };
        let first = settled(Some(claim), async { panic!("after sending, as this test says") }).await;
        assert_eq!(first.unwrap_err().code, Code::Internal);
        let KeyEntry::Known(repeat) = enter() else { panic!("the key may not be used again") };
        assert_eq!(repeat.outcome().await.unwrap().unwrap_err().code, Code::Internal);
    }
}
