//! The deadline of the call.

use std::time::Duration;

use futures_util::future::join_all;
use session_provider::{Effect, ErrorKind, Operation};

use crate::asking::{AMPLE, ask, mutates, offered, within};
use crate::checks::is_in_context;
use crate::checks::misbehaviour::is_sent_sparingly;
use crate::stage::busy_room;
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Misbehaviour, Verdict, Violation};

/// What a hanging exchange is given: far more than the deadline, so that only the deadline can end it.
const EXCHANGE: Duration = Duration::from_secs(3_600);
const DEADLINE: Duration = Duration::from_millis(300);

/// Without time left nothing is sent, and a mutation surely had no effect.
///
/// # Errors
/// The operations that are asked for all the same, or end otherwise.
pub async fn after_the_deadline_nothing_is_sent(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let targets = busy_room(&*service)?.targets()?;
    for operation in offered(&*provider) {
        let call = within(operation, Duration::ZERO);
        match ask(&*provider, operation, &call, &targets).await {
            Ok(answer) => return Err(Violation::new(format!("{operation} without time answers {answer:?}"))),
            Err(error) => {
                ensure_eq!(error.kind(), ErrorKind::ProviderTimeout, "{operation}: kind of {error:?}");
                ensure_eq!(error.effect(), Effect::None, "{operation}: effect of what was not sent");
                ensure_eq!(error.upstream_status(), None, "{operation}: status of what was not sent");
                is_in_context(&*provider, operation, &error)?;
            }
        }
        ensure_eq!(call.exchanges(), 0, "{operation}: exchanges counted");
    }
    ensure_eq!(service.requests(), Vec::new(), "requests made without time");
    Ok(())
}

/// A call that hangs ends by its deadline, long before the exchange's own timeout.
///
/// # Errors
/// The operations that do not, or end otherwise.
pub async fn the_deadline_ends_what_hangs(harness: &dyn Harness) -> Verdict {
    the_deadline_ends(harness, Misbehaviour::Hang).await
}

/// The same for an answer that never ends.
///
/// # Errors
/// The operations that do not, or end otherwise.
pub async fn the_deadline_ends_what_drips(harness: &dyn Harness) -> Verdict {
    the_deadline_ends(harness, Misbehaviour::Drip).await
}

async fn the_deadline_ends(harness: &dyn Harness, stalling: Misbehaviour) -> Verdict {
    let offering = harness.start().await.provider(Bounds::default());
    let ended = offered(&*offering).map(|operation| the_deadline_ends_one(harness, stalling, operation));
    Violation::all(join_all(ended).await)
}

async fn the_deadline_ends_one(harness: &dyn Harness, stalling: Misbehaviour, operation: Operation) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds { exchange_timeout: EXCHANGE, ..Bounds::default() });
    let targets = busy_room(&*service)?.targets()?;
    service.misbehave(stalling, 0);
    let call = within(operation, DEADLINE);
    // That it ends at all shows that the deadline ended it; by when, on a busy machine, is not for a test to say.
    let answer = tokio::time::timeout(AMPLE, ask(&*provider, operation, &call, &targets)).await;
    let error = match answer {
        Err(_) => return Err(Violation::new(format!("{operation} goes on long after its deadline"))),
        Ok(Ok(answer)) => return Err(Violation::new(format!("{operation} answers {answer:?}"))),
        Ok(Err(error)) => error,
    };
    ensure_eq!(error.kind(), ErrorKind::ProviderTimeout, "{operation}: kind of {error:?}");
    is_in_context(&*provider, operation, &error)?;
    let requests = service.requests();
    is_sent_sparingly(operation, &requests, true).map_err(|violation| violation.when(operation))?;
    if mutates(operation) && !requests.is_empty() {
        ensure_eq!(error.effect(), Effect::Unknown, "{operation}: effect of what was cut off");
        ensure!(!error.is_retryable(), "{operation}: {error} is said to be worth repeating");
    }
    Ok(())
}
