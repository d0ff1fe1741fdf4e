//! Who is, and who was, in a session.

use std::collections::BTreeSet;

use session_provider::{ErrorKind, Operation, ParticipantList};

use crate::asking::reading;
use crate::checks::{good, is_absence, need};
use crate::stage::{LiveRoom, ended_room, idle_rooms};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict, Violation, Visit, Visitor};

/// The rows are these connections, each once, each of the person who made it.
pub(super) fn are_the_connections<'a>(
    list: &ParticipantList,
    expected: &BTreeSet<&str>,
    visits: impl IntoIterator<Item = &'a (Visitor, Visit)>,
) -> Verdict {
    let told: BTreeSet<&str> = list.participants.iter().map(|row| row.connection_id.as_str()).collect();
    ensure_eq!(told, *expected, "connections listed");
    ensure_eq!(list.participants.len(), expected.len(), "rows listed");
    ensure_eq!(list.dropped, 0, "rows dropped of a good list");
    for (visitor, visit) in visits {
        let Some(row) = list.participants.iter().find(|row| row.connection_id.as_str() == visit.connection_id) else {
            continue;
        };
        ensure_eq!(row.participant_id.as_ref(), Some(&visit.participant_id), "person of {row:?}");
        ensure!(row.joined_at.is_some(), "the service said when it came, the provider does not: {row:?}");
        if let Some(id) = &row.custom_participant_id {
            ensure_eq!(*id, visitor.custom_id, "custom id of {row:?}");
        }
        if let Some(name) = &row.display_name {
            ensure_eq!(*name, visitor.name, "name of {row:?}");
        }
    }
    Ok(())
}

/// Who came back is listed with the new connection, who left is not listed.
///
/// # Errors
/// What differs.
pub async fn only_who_is_present_is_listed(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveParticipants);
    LiveRoom::new(&*service, 2)?;
    for people in [1, 2, 7] {
        let live = LiveRoom::new(&*service, people)?;
        let list = good!(provider.list_live_participants(&reading(), &live.room).await, "{people} live participants");
        are_the_connections(&list, &live.present_ids(), &live.present)?;
        for row in &list.participants {
            ensure_eq!(row.left_at, None, "end of {row:?}, who is present");
        }
        if let Some(count) = list.reported_count {
            ensure_eq!(count, live.present_count(), "the provider's own figure");
        }
    }
    Ok(())
}

/// An idle, a used, an unknown room: not live.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn an_idle_room_has_no_live_participants(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveParticipants);
    for (what, room) in idle_rooms(&*service)? {
        let answer = provider.list_live_participants(&reading(), &room).await;
        is_absence(&*provider, Operation::ListLiveParticipants, answer, ErrorKind::SessionNotLive)
            .map_err(|violation| violation.when(what))?;
    }
    Ok(())
}

/// Of a live session: who is present and who left, told apart.
///
/// # Errors
/// What differs.
pub async fn everybody_who_was_in_a_live_session_is_listed(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessionParticipants);
    let live = LiveRoom::new(&*service, 5)?;
    let list = good!(provider.list_session_participants(&reading(), &live.session).await, "participants of a session");
    are_the_connections(&list, &live.all_ids(), live.present.iter().chain(&live.left))?;
    let present = live.present_ids();
    for row in &list.participants {
        ensure_eq!(row.left_at.is_none(), present.contains(row.connection_id.as_str()), "presence of {row:?}");
    }
    Ok(())
}

/// Of an ended session: everybody, all gone.
///
/// # Errors
/// What differs.
pub async fn everybody_who_was_in_an_ended_session_is_listed(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessionParticipants);
    let ended = ended_room(&*service)?;
    let list = good!(provider.list_session_participants(&reading(), &ended.session).await, "those of an ended session");
    are_the_connections(&list, &ended.all_ids(), &ended.left)?;
    match list.participants.iter().find(|row| row.left_at.is_none()) {
        Some(row) => Err(Violation::new(format!("{row:?} is still in a session that ended"))),
        None => Ok(()),
    }
}

/// A session that does not exist is not found.
///
/// # Errors
/// What it is instead.
pub async fn an_unknown_session_has_no_participants(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessionParticipants);
    let answer = provider.list_session_participants(&reading(), &service.unknown_session()).await;
    is_absence(&*provider, Operation::ListSessionParticipants, answer, ErrorKind::SessionNotFound)
}
