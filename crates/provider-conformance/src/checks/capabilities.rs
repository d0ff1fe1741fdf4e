//! What a provider says it can do is what it does.

use session_provider::{ErrorKind, Operation};

use crate::asking::{AMPLE, ask, within};
use crate::stage::busy_room;
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict, Violation};

/// Every operation that is offered succeeds on a live room.
///
/// # Errors
/// The operations that do not.
pub async fn offered_operations_are_carried_out(harness: &dyn Harness) -> Verdict {
    let mut verdicts = Vec::new();
    for operation in Operation::ALL {
        let service = harness.start().await;
        let provider = service.provider(Bounds::default());
        if !provider.capabilities().supports(operation) {
            continue;
        }
        let targets = busy_room(&*service)?.targets()?;
        let answer = ask(&*provider, operation, &within(operation, AMPLE), &targets).await;
        verdicts.push(answer.map(drop).map_err(|error| Violation::new(format!("{error:?}")).when(operation)));
    }
    Violation::all(verdicts)
}

/// Every other operation is refused as `CapabilityUnsupported`, and nothing is sent.
///
/// # Errors
/// The operation that is not refused, or costs a request.
pub async fn others_are_refused_without_a_call(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let targets = busy_room(&*service)?.targets()?;
    for operation in Operation::ALL {
        if provider.capabilities().supports(operation) {
            continue;
        }
        let call = within(operation, AMPLE);
        match ask(&*provider, operation, &call, &targets).await {
            Ok(answer) => return Err(Violation::new(format!("{operation} is not offered and answers {answer:?}"))),
            Err(error) => {
                ensure_eq!(error.kind(), ErrorKind::CapabilityUnsupported, "{operation}: kind of {error:?}");
                ensure_eq!(error.operation(), Some(operation), "{operation}: operation of {error:?}");
                ensure!(!error.is_retryable(), "{operation}: {error} is said to be worth repeating");
            }
        }
        ensure_eq!(call.exchanges(), 0, "{operation}: exchanges counted");
    }
    ensure_eq!(service.requests(), Vec::new(), "requests made for what is not offered");
    Ok(())
}
