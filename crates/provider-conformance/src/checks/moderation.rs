//! Removing people.

use std::collections::BTreeSet;

use session_provider::{ErrorKind, Operation, ParticipantId, SessionProvider, SessionStatus};

use crate::asking::{changing, reading};
use crate::checks::{good, is_absence, need};
use crate::stage::{LiveRoom, idle_rooms, targets};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict, Violation};

/// The connections that the provider lists now, `None` if it can't.
async fn present(provider: &dyn SessionProvider, live: &LiveRoom) -> Result<Option<BTreeSet<String>>, Violation> {
    if !provider.capabilities().supports(Operation::ListLiveParticipants) {
        return Ok(None);
    }
    let list = good!(provider.list_live_participants(&reading(), &live.room).await, "who is present after a kick");
    Ok(Some(list.participants.into_iter().map(|row| row.connection_id.as_str().to_owned()).collect()))
}

fn without(live: &LiveRoom, person: &ParticipantId) -> BTreeSet<String> {
    let others = live.present.iter().filter(|(_, visit)| visit.participant_id != *person);
    others.map(|(_, visit)| visit.connection_id.clone()).collect()
}

/// Who was kicked is named in the answer and gone in the next read; the others stay.
///
/// # Errors
/// What differs.
pub async fn a_kick_is_visible_in_the_next_read(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickParticipants);
    let live = LiveRoom::new(&*service, 5)?;
    let bystanders = LiveRoom::new(&*service, 3)?;
    let (visitor, kicked) = &live.present[2];
    let people = targets([kicked.participant_id.clone()], [])?;
    let answer = good!(provider.kick_participants(&changing(), &live.room, &people).await, "a kick");
    ensure_eq!(answer.len(), 1, "people kicked: {answer:?}");
    ensure_eq!(answer[0].participant_id.as_ref(), Some(&kicked.participant_id), "who was kicked");
    if let Some(name) = &answer[0].display_name {
        ensure_eq!(*name, visitor.name, "the name of who was kicked");
    }
    if let Some(present) = present(&*provider, &live).await? {
        ensure_eq!(present, without(&live, &kicked.participant_id), "present after a kick");
    }
    if let Some(present) = present(&*provider, &bystanders).await? {
        ensure_eq!(present.len(), 3, "present in another room after a kick");
    }
    Ok(())
}

/// Custom ids of any form work, beside others, and take all connections of a person.
///
/// # Errors
/// What differs.
pub async fn a_kick_by_custom_ids_takes_every_connection(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickParticipants);
    let live = LiveRoom::new(&*service, 5)?;
    // The first person is in the room twice.
    let (twice, other) = (&live.present[0], &live.present[1]);
    let people = targets([other.1.participant_id.clone()], [twice.0.custom_id.clone()])?;
    let answer = good!(provider.kick_participants(&changing(), &live.room, &people).await, "a kick of two people");
    let told: BTreeSet<_> = answer.iter().filter_map(|person| person.participant_id.as_ref()).collect();
    ensure_eq!(told, BTreeSet::from([&twice.1.participant_id, &other.1.participant_id]), "who was kicked");
    if let Some(present) = present(&*provider, &live).await? {
        let expected: BTreeSet<String> =
            live.present[2..4].iter().map(|(_, visit)| visit.connection_id.clone()).collect();
        ensure_eq!(present, expected, "present after a kick");
    }
    Ok(())
}

/// Somebody unknown, or gone, is not found; nobody is removed.
///
/// # Errors
/// What differs.
pub async fn an_unknown_participant_is_not_found(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickParticipants);
    let live = LiveRoom::new(&*service, 2)?;
    let nobody = ParticipantId::new("session-of-nobody").map_err(|error| Violation::new(error.to_string()))?;
    for people in [targets([nobody], [])?, targets([], [live.left[0].0.custom_id.clone()])?] {
        let answer = provider.kick_participants(&changing(), &live.room, &people).await;
        is_absence(&*provider, Operation::KickParticipants, answer, ErrorKind::ParticipantNotFound)?;
    }
    if let Some(present) = present(&*provider, &live).await? {
        ensure_eq!(present.len(), live.present.len(), "present after a kick of nobody");
    }
    Ok(())
}

/// An idle, a used, an unknown room: not live.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn nobody_is_kicked_from_an_idle_room(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickParticipants);
    let elsewhere = LiveRoom::new(&*service, 2)?.targets()?.people;
    for (what, room) in idle_rooms(&*service)? {
        let answer = provider.kick_participants(&changing(), &room, &elsewhere).await;
        is_absence(&*provider, Operation::KickParticipants, answer, ErrorKind::SessionNotLive)
            .map_err(|violation| violation.when(what))?;
    }
    Ok(())
}

/// After kick-all the session is over, wherever one looks.
///
/// # Errors
/// What differs.
pub async fn kicking_all_ends_the_session(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickAllParticipants);
    let (live, bystanders) = (LiveRoom::new(&*service, 4)?, LiveRoom::new(&*service, 2)?);
    let kicked = good!(provider.kick_all_participants(&changing(), &live.room).await, "kick-all");
    if let Some(count) = kicked {
        ensure_eq!(count, live.present_count(), "people kicked");
    }
    let capabilities = provider.capabilities();
    if capabilities.supports(Operation::GetLiveSession) {
        let answer = provider.get_live_session(&reading(), &live.room).await;
        is_absence(&*provider, Operation::GetLiveSession, answer, ErrorKind::SessionNotLive)?;
    }
    if capabilities.supports(Operation::ListLiveSessions) {
        let list = good!(provider.list_live_sessions(&reading()).await, "the live list after kick-all");
        let rooms: Vec<_> = list.sessions.iter().map(|session| &session.room_id).collect();
        ensure_eq!(rooms, [&bystanders.room], "live rooms after kick-all");
    }
    if capabilities.supports(Operation::GetSession) {
        let told = good!(provider.get_session(&reading(), &live.session, false).await, "the session after kick-all");
        ensure!(told.status == SessionStatus::Ended, "{told:?} goes on after kick-all");
    }
    Ok(())
}

/// An idle, a used, an unknown room: not live.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn an_idle_room_cannot_be_emptied(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, KickAllParticipants);
    for (what, room) in idle_rooms(&*service)? {
        let answer = provider.kick_all_participants(&changing(), &room).await;
        is_absence(&*provider, Operation::KickAllParticipants, answer, ErrorKind::SessionNotLive)
            .map_err(|violation| violation.when(what))?;
    }
    Ok(())
}
