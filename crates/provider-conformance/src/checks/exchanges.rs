//! Operations of many exchanges, and connections that are used again.

use session_provider::Operation;

use crate::asking::{AMPLE, ask, changing, mutates, offered, reading, within};
use crate::checks::misbehaviour::{is_judged, is_sent_sparingly};
use crate::checks::{good, need};
use crate::stage::{LiveRoom, busy_room, live_rooms};
use crate::verdict::ensure_eq;
use crate::{Bounds, Harness, Misbehaviour, Service, Verdict, Violation};

/// More rows than two pages have.
const MANY: usize = 230;

/// One of each sort that a later exchange can meet. Rows without ids are no failure there: they are counted.
const LATER: [Misbehaviour; 9] = [
    Misbehaviour::HtmlSuccess,
    Misbehaviour::SuccessFalse,
    Misbehaviour::MissingArray,
    Misbehaviour::TruncatedJson,
    Misbehaviour::PlainTextNotFound,
    Misbehaviour::Unauthorized,
    Misbehaviour::TooManyRequests,
    Misbehaviour::ServerError,
    Misbehaviour::Reset,
];

/// An operation of several exchanges fails as a whole, in the same way, whichever of them fails.
///
/// # Errors
/// The operations that answer a part, or something else.
pub async fn a_failure_of_any_later_exchange_fails_the_operation(harness: &dyn Harness) -> Verdict {
    let provider = harness.start().await.provider(Bounds::default());
    let mut verdicts = Vec::new();
    for operation in offered(&*provider).filter(|operation| !mutates(*operation)) {
        for misbehaviour in LATER {
            // Ends with the first number of good answers that is enough for the operation.
            for after in 1.. {
                let verdict = fail_after(harness, operation, misbehaviour, after).await;
                let Some(verdict) = verdict.transpose() else { break };
                verdicts.push(verdict.map_err(|violation| {
                    violation.when(format_args!("{operation} met {misbehaviour:?} after {after} good answers"))
                }));
            }
        }
    }
    Violation::all(verdicts)
}

/// A live room, and what makes the operation's answer longer than two pages.
fn many_of_what_is_listed(service: &dyn Service, operation: Operation) -> Result<LiveRoom, Violation> {
    match operation {
        Operation::ListLiveParticipants | Operation::ListSessionParticipants => LiveRoom::new(service, MANY),
        Operation::ListLiveSessions => {
            live_rooms(service, MANY)?;
            LiveRoom::new(service, 2)
        }
        Operation::CountLiveMedia => {
            live_rooms(service, MANY)?.iter().for_each(|room| service.start_recording(room));
            busy_room(service)
        }
        Operation::FindLiveSessionId => {
            let live = LiveRoom::new(service, 2)?;
            for _ in 0..MANY {
                service.end(&live.room);
                service.join(&live.room, &live.present[0].0);
            }
            service.end(&live.room);
            Ok(live)
        }
        _ => busy_room(service),
    }
}

/// `None` when the operation needed no more than the good answers.
async fn fail_after(
    harness: &dyn Harness,
    operation: Operation,
    misbehaviour: Misbehaviour,
    after: u64,
) -> Result<Option<()>, Violation> {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let live = many_of_what_is_listed(&*service, operation)?;
    service.misbehave(misbehaviour, after);
    match ask(&*provider, operation, &within(operation, AMPLE), &live.targets()?).await {
        Ok(_) if service.requests().len() as u64 <= after => Ok(None),
        Ok(answer) => Err(Violation::new(format!("answered {answer:?}"))),
        Err(error) => is_judged(&*service, &*provider, misbehaviour, operation, &error).map(Some),
    }
}

/// A connection that breaks under a mutation is no reason to send it once more, though it carried other exchanges before.
///
/// # Errors
/// The mutations that are sent again.
pub async fn a_mutation_on_a_connection_in_use_is_sent_once(harness: &dyn Harness) -> Verdict {
    let offering = harness.start().await.provider(Bounds::default());
    need!(offering, ListLiveSessions);
    let mut verdicts = Vec::new();
    for operation in offered(&*offering).filter(|operation| mutates(*operation)) {
        for misbehaviour in [Misbehaviour::Reset, Misbehaviour::ResetMidBody, Misbehaviour::ServerError] {
            let service = harness.start().await;
            let provider = service.provider(Bounds::default());
            let targets = busy_room(&*service)?.targets()?;
            good!(provider.list_live_sessions(&reading()).await, "a read before a mutation");
            let before = service.requests().len();
            service.misbehave(misbehaviour, 0);
            let verdict = match ask(&*provider, operation, &changing(), &targets).await {
                Ok(answer) => Err(Violation::new(format!("answered {answer:?}"))),
                Err(_) => is_sent_sparingly(operation, &service.requests()[before..], false),
            };
            verdicts.push(verdict.map_err(|violation| violation.when(format_args!("{operation}, {misbehaviour:?}"))));
        }
    }
    Violation::all(verdicts)
}

/// After a failure the provider answers as soon as the service does: one failure leaves nothing behind.
///
/// # Errors
/// The operations that go on failing.
pub async fn a_read_survives_one_failed_exchange(harness: &dyn Harness) -> Verdict {
    let offering = harness.start().await.provider(Bounds::default());
    let mut verdicts = Vec::new();
    for operation in offered(&*offering).filter(|operation| !mutates(*operation)) {
        for misbehaviour in [Misbehaviour::Reset, Misbehaviour::ServerError, Misbehaviour::HugeBody] {
            let service = harness.start().await;
            let provider = service.provider(Bounds::default());
            let targets = busy_room(&*service)?.targets()?;
            service.misbehave(misbehaviour, 0);
            let failed = ask(&*provider, operation, &reading(), &targets).await;
            ensure_eq!(failed.is_err(), true, "{operation} fails while the service does");
            service.behave();
            let answer = ask(&*provider, operation, &reading(), &targets).await;
            verdicts.push(answer.map(drop).map_err(|error| {
                Violation::new(format!("{error:?}")).when(format_args!("{operation} after {misbehaviour:?}"))
            }));
        }
    }
    Violation::all(verdicts)
}
