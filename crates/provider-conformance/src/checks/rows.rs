//! Rows that cannot be used.

use session_provider::{ErrorKind, Operation};

use crate::asking::{Answer, ask, offered, reading};
use crate::checks::is_in_context;
use crate::stage::LiveRoom;
use crate::verdict::ensure_eq;
use crate::{Bounds, Harness, Verdict, Violation};

/// The lists that tell how many rows they left out.
const COUNTING: [Operation; 3] =
    [Operation::ListLiveSessions, Operation::ListLiveParticipants, Operation::ListSessionParticipants];

/// One row without an id is left out, and counted; the others come.
///
/// # Errors
/// The lists that lose more, or do not tell.
pub async fn a_row_without_an_id_is_left_out_and_counted(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    LiveRoom::new(&*service, 3)?;
    let live = LiveRoom::new(&*service, 5)?;
    let targets = live.targets()?;
    for operation in offered(&*provider).filter(|operation| COUNTING.contains(operation)) {
        service.behave();
        let whole = ask(&*provider, operation, &reading(), &targets).await;
        service.leave_out_one_id();
        let answer = ask(&*provider, operation, &reading(), &targets).await;
        let (whole, answer) = match (whole, answer) {
            (Ok(whole), Ok(answer)) => (whole, answer),
            (whole, answer) => return Err(Violation::new(format!("{operation}: {whole:?}, then {answer:?}"))),
        };
        ensure_eq!(dropped(&answer), 1, "{operation}: rows dropped");
        // Among the live participants the unusable row may be of somebody who left.
        let lost = whole.rows().saturating_sub(answer.rows());
        let of_who_left = operation == Operation::ListLiveParticipants && lost == 0;
        ensure_eq!(lost == 1 || of_who_left, true, "{operation}: {} of {} rows came", answer.rows(), whole.rows());
    }
    Ok(())
}

/// If the only row is unusable, the answer cannot be trusted: it would look as if there were nothing.
///
/// # Errors
/// The lists that come out empty.
pub async fn a_list_of_one_row_without_an_id_is_no_empty_list(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let room = service.add_room();
    let visit = service.join(&room, &crate::stage::visitor("the only one")?);
    let mut targets = LiveRoom::new(&*service, 2)?.targets()?;
    service.end(&targets.room);
    (targets.room, targets.session) = (room, visit.session_id);
    service.leave_out_one_id();
    for operation in offered(&*provider).filter(|operation| COUNTING.contains(operation)) {
        match ask(&*provider, operation, &reading(), &targets).await {
            Ok(answer) => return Err(Violation::new(format!("{operation} answers {answer:?}"))),
            Err(error) => {
                ensure_eq!(error.kind(), ErrorKind::ProviderBadResponse, "{operation}: kind of {error:?}");
                is_in_context(&*provider, operation, &error)?;
            }
        }
    }
    Ok(())
}

fn dropped(answer: &Answer) -> u64 {
    match answer {
        Answer::Sessions(list) => list.dropped,
        Answer::Participants(list) => list.dropped,
        _ => 0,
    }
}
