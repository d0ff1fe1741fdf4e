//! What is live.

use std::collections::BTreeMap;

use session_provider::{Capability, ErrorKind, Operation, Session, SessionProvider, SessionStatus};

use crate::asking::reading;
use crate::checks::{good, is_absence, need};
use crate::stage::{LiveRoom, ended_room, idle_rooms};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict};

/// The session told is the one that runs in the room. What the provider did not say is not held against it, except the
/// session id where it claims to say it.
pub(super) fn is_the_session_of(provider: &dyn SessionProvider, live: &LiveRoom, told: &Session) -> Verdict {
    let room = &live.room;
    ensure_eq!(told.room_id, *room, "room of a session");
    ensure_eq!(told.status, SessionStatus::Live, "status of the session in {room}");
    ensure_eq!(told.ended_at, None, "end of the live session in {room}");
    if provider.capabilities().has(Capability::ExpectedSessionId) {
        ensure!(told.session_id.is_some(), "the session in {room} has no id, though the capabilities promise it");
    }
    if let Some(id) = &told.session_id {
        ensure_eq!(*id, live.session, "id of the session in {room}");
    }
    if let Some(count) = told.participant_count {
        ensure_eq!(count, live.present_count(), "people in {room}");
    }
    ensure!(told.started_at.is_some(), "the service said when the session in {room} began, the provider does not");
    Ok(())
}

/// The live list has every live room once and no other.
///
/// # Errors
/// What differs.
pub async fn the_list_holds_what_is_live_and_nothing_else(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveSessions);
    service.add_room();
    ended_room(&*service)?;
    let mut expected = BTreeMap::new();
    for people in [0, 1, 3, 5] {
        let live = LiveRoom::new(&*service, people)?;
        expected.insert(live.room.clone(), live);
    }
    let list = good!(provider.list_live_sessions(&reading()).await, "the live list");
    ensure_eq!(list.dropped, 0, "rows dropped of a good list");
    ensure_eq!(list.sessions.len(), expected.len(), "number of live sessions in {:?}", list.sessions);
    for session in &list.sessions {
        let Some(live) = expected.remove(&session.room_id) else {
            return Err(crate::Violation::new(format!("{session:?} is not live, or listed twice")));
        };
        is_the_session_of(&*provider, &live, session)?;
    }
    Ok(())
}

/// Where nothing is live the list is empty, and that is no error.
///
/// # Errors
/// What it is instead.
pub async fn an_empty_account_has_an_empty_list(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListLiveSessions);
    let list = good!(provider.list_live_sessions(&reading()).await, "the live list of an empty account");
    ensure_eq!((list.sessions, list.dropped), (Vec::new(), 0), "the live list of an empty account");
    Ok(())
}

/// One live session, with the room that was asked for.
///
/// # Errors
/// What differs.
pub async fn one_live_session_is_told(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetLiveSession);
    let live = LiveRoom::new(&*service, 4)?;
    LiveRoom::new(&*service, 1)?;
    let told = good!(provider.get_live_session(&reading(), &live.room).await, "a live session");
    is_the_session_of(&*provider, &live, &told)
}

/// An idle, a used, an unknown room: not live.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn an_idle_room_is_not_live(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetLiveSession);
    for (what, room) in idle_rooms(&*service)? {
        let answer = provider.get_live_session(&reading(), &room).await;
        is_absence(&*provider, Operation::GetLiveSession, answer, ErrorKind::SessionNotLive)
            .map_err(|violation| violation.when(what))?;
    }
    Ok(())
}

/// A session that everybody has left runs until the service says that it ended.
///
/// # Errors
/// What it is taken for instead.
pub async fn a_session_without_people_is_live(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetLiveSession);
    let live = LiveRoom::new(&*service, 0)?;
    let told = good!(provider.get_live_session(&reading(), &live.room).await, "a live session without people");
    is_the_session_of(&*provider, &live, &told)?;
    need!(provider, ListLiveParticipants);
    let list = good!(provider.list_live_participants(&reading(), &live.room).await, "the people of an empty session");
    ensure_eq!(list.participants, Vec::new(), "the people of an empty session");
    Ok(())
}
