//! Futures that are dropped before they are done.

use futures_util::future::join_all;
use session_provider::{Operation, SessionProvider};

use crate::asking::{AMPLE, Targets, ask, mutates, offered, polled, reading, within};
use crate::checks::misbehaviour::is_sent_sparingly;
use crate::stage::{LiveRoom, busy_room};
use crate::{Bounds, Harness, Misbehaviour, Service, Verdict, Violation};

/// As few exchanges at once as any single operation needs, so that one that is not given back is missed.
fn narrow() -> Bounds {
    Bounds { max_concurrency: 2, ..Bounds::default() }
}

/// More awaits than any operation has.
const MOST_POLLS: u32 = 2_000;

/// Each operation is polled once and dropped, then twice, and so on until it is done. After each drop the same operation
/// succeeds on the same provider.
///
/// # Errors
/// The operation and the await after which something was amiss.
pub async fn every_operation_can_be_dropped_at_every_await(harness: &dyn Harness) -> Verdict {
    let offering = harness.start().await.provider(narrow());
    Violation::all(join_all(offered(&*offering).map(|operation| drop_at_every_await(harness, operation))).await)
}

async fn drop_at_every_await(harness: &dyn Harness, operation: Operation) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(narrow());
    for times in 1..MOST_POLLS {
        let at = |violation: Violation| violation.when(format_args!("{operation} dropped after {times} polls"));
        let targets = busy_room(&*service)?.targets()?;
        let before = service.requests().len();
        let call = within(operation, AMPLE);
        let done = polled(ask(&*provider, operation, &call, &targets), times).await;
        if let Some(answer) = done {
            // The room is still as it was, for nobody else has acted on it.
            return answer.map(drop).map_err(|error| at(Violation::new(format!("{error:?}"))));
        }
        if mutates(operation) {
            // A dropped mutation may have happened, at most once; another room shows that nothing is wedged.
            is_sent_sparingly(operation, &service.requests()[before..], true).map_err(at)?;
        }
        let targets = LiveRoom::new(&*service, 2)?.targets()?;
        let again = ask(&*provider, operation, &within(operation, AMPLE), &targets).await;
        again.map_err(|error| at(Violation::new(format!("the next call: {error:?}"))))?;
    }
    Err(Violation::new(format!("{operation} is not done after {MOST_POLLS} polls")))
}

/// Operations that hang and are dropped give back their place, their connection and their share of the budget.
///
/// # Errors
/// The operations after which the provider does not answer.
pub async fn dropped_operations_hold_nothing(harness: &dyn Harness) -> Verdict {
    let offering = harness.start().await.provider(narrow());
    let mut verdicts = Vec::new();
    for operation in offered(&*offering) {
        let service = harness.start().await;
        let provider = service.provider(narrow());
        let targets = busy_room(&*service)?.targets()?;
        for _ in 0..3 {
            hang_and_drop(&*service, &*provider, operation, &targets).await;
        }
        service.behave();
        let answer = ask(&*provider, operation, &within(operation, AMPLE), &targets).await;
        verdicts.push(answer.map(drop).map_err(|error| {
            Violation::new(format!("{error:?}")).when(format_args!("{operation} after it was dropped"))
        }));
    }
    Violation::all(verdicts)
}

/// A caller who hangs up says nothing about the provider: however many do, it is called the next time.
///
/// # Errors
/// What the next call answers.
pub async fn dropped_operations_do_not_count_against_the_provider(harness: &dyn Harness) -> Verdict {
    let offering = harness.start().await.provider(narrow());
    let reads: Vec<Operation> = offered(&*offering).filter(|operation| !mutates(*operation)).collect();
    let service = harness.start().await;
    let provider = service.provider(narrow());
    let targets = busy_room(&*service)?.targets()?;
    for operation in reads.iter().cycle().take(30) {
        hang_and_drop(&*service, &*provider, *operation, &targets).await;
    }
    service.behave();
    for operation in &reads {
        let answer = ask(&*provider, *operation, &reading(), &targets).await;
        answer.map_err(|error| Violation::new(format!("{operation} after 30 dropped calls: {error:?}")))?;
    }
    Ok(())
}

/// Waits until the service has the request, and hangs up.
async fn hang_and_drop(service: &dyn Service, provider: &dyn SessionProvider, operation: Operation, targets: &Targets) {
    service.misbehave(Misbehaviour::Hang, 0);
    let call = within(operation, AMPLE);
    let seen = service.requests().len() as u64;
    let hanging = Box::pin(ask(provider, operation, &call, targets));
    let arrived = Box::pin(service.wait_for_requests(seen + 1));
    // Whichever ends first, the other is dropped.
    drop(futures_util::future::select(hanging, arrived).await);
}
