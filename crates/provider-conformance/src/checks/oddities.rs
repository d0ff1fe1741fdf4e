//! Answers that are good, but written oddly.

use std::collections::BTreeSet;

use session_provider::{ErrorKind, Operation, ParticipantList, SessionProvider};

use crate::asking::{ask, changing, mutates, offered, reading};
use crate::checks::{good, is_in_context, need};
use crate::stage::{LiveRoom, busy_room};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Misbehaviour, Oddity, Verdict, Violation};

async fn people(provider: &dyn SessionProvider, live: &LiveRoom, all: bool) -> Result<ParticipantList, Violation> {
    Ok(if all {
        good!(provider.list_session_participants(&reading(), &live.session).await, "everybody")
    } else {
        good!(provider.list_live_participants(&reading(), &live.room).await, "who is present")
    })
}

/// A connection with an odd name is listed under it; it may lack an id to be addressed by.
///
/// # Errors
/// What differs.
pub async fn an_odd_connection_id_costs_nobody_the_row(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveParticipants);
    let live = LiveRoom::new(&*service, 4)?;
    service.write_oddly(Oddity::ConnectionIds);
    let list = people(&*provider, &live, false).await?;
    let told: BTreeSet<String> = list.participants.iter().map(|row| row.connection_id.to_string()).collect();
    let expected = live.present_ids().into_iter().map(|id| format!("{id}{}", Oddity::ODD_END)).collect();
    ensure_eq!(told, expected, "connections listed");
    ensure_eq!(list.dropped, 0, "rows dropped");
    Ok(())
}

/// What is broken in a name costs that character and nothing else.
///
/// # Errors
/// What differs.
pub async fn broken_text_costs_a_character(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let live = LiveRoom::new(&*service, 3)?;
    for (operation, all) in [(Operation::ListLiveParticipants, false), (Operation::ListSessionParticipants, true)] {
        if !provider.capabilities().supports(operation) {
            continue;
        }
        service.behave();
        let whole = people(&*provider, &live, all).await?;
        for oddity in [Oddity::HalfSurrogates, Oddity::BrokenText] {
            service.behave();
            service.write_oddly(oddity);
            let list = people(&*provider, &live, all).await?;
            let mut expected = whole.participants.clone();
            for row in &mut expected {
                if let Some(name) = row.display_name.as_mut().filter(|name| name.starts_with(Oddity::PERSON)) {
                    name.replace_range(..1, "\u{fffd}");
                }
            }
            let names = |rows: &[session_provider::Participant]| -> Vec<_> {
                rows.iter()
                    .map(|row| (row.connection_id.clone(), row.display_name.clone(), row.metadata.is_some()))
                    .collect()
            };
            ensure_eq!(names(&list.participants), names(&expected), "{operation} with {oddity:?}");
        }
    }
    Ok(())
}

/// Another session than the one asked for is no answer.
///
/// # Errors
/// What it is taken for.
pub async fn another_session_is_no_answer(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetSession);
    let live = LiveRoom::new(&*service, 2)?;
    service.write_oddly(Oddity::AnotherSession);
    match provider.get_session(&reading(), &live.session, false).await {
        Ok(session) => Err(Violation::new(format!("answered {session:?} for {}", live.session))),
        Err(error) => {
            ensure_eq!(error.kind(), ErrorKind::ProviderBadResponse, "kind of {error:?}");
            is_in_context(&*provider, Operation::GetSession, &error)
        }
    }
}

/// A change that the service accepted is no error, whatever its answer lacks.
///
/// # Errors
/// The changes that are errors.
pub async fn an_accepted_change_is_no_error(harness: &dyn Harness) -> Verdict {
    for misbehaviour in [Misbehaviour::MissingArray, Misbehaviour::RowsWithoutIds] {
        let service = harness.start().await;
        let provider = service.provider(Bounds::default());
        // Kick-all ends the session: each change gets a room of its own.
        for operation in offered(&*provider).filter(|operation| mutates(*operation)) {
            service.behave();
            let targets = busy_room(&*service)?.targets()?;
            service.misbehave(misbehaviour, 0);
            let answer = ask(&*provider, operation, &changing(), &targets).await;
            ensure!(answer.is_ok(), "{operation} with {misbehaviour:?}: {answer:?}");
        }
    }
    Ok(())
}
