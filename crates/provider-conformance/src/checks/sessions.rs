//! Sessions by their own id, and that id by its room.

use session_provider::{ErrorKind, Operation, SessionStatus};

use crate::asking::reading;
use crate::checks::live_sessions::is_the_session_of;
use crate::checks::{good, is_absence, need};
use crate::stage::{LiveRoom, ended_room, idle_rooms};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Harness, Verdict};

/// A live session by its id, with and without its breakout rooms.
///
/// # Errors
/// What differs.
pub async fn a_live_session_is_told_by_its_id(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetSession);
    let live = LiveRoom::new(&*service, 3)?;
    for include in [false, true] {
        let told = good!(provider.get_session(&reading(), &live.session, include).await, "a session by its id");
        is_the_session_of(&*provider, &live, &told)?;
        ensure_eq!(told.session_id.as_ref(), Some(&live.session), "id of the session asked for");
    }
    Ok(())
}

/// An ended session by its id.
///
/// # Errors
/// What differs.
pub async fn an_ended_session_is_told_by_its_id(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetSession);
    let ended = ended_room(&*service)?;
    // The room moved on: the id still means the session that ended.
    service.join(&ended.room, &ended.left[0].0);
    let told = good!(provider.get_session(&reading(), &ended.session, false).await, "an ended session");
    ensure_eq!(told.status, SessionStatus::Ended, "status of {told:?}");
    ensure!(told.ended_at.is_some(), "the service said when it ended, the provider does not: {told:?}");
    ensure_eq!((told.session_id, told.room_id), (Some(ended.session), ended.room), "the session asked for");
    Ok(())
}

/// Breakout rooms come if they are asked for, and are not mixed up with the session.
///
/// # Errors
/// What differs.
pub async fn breakout_rooms_are_told_when_asked_for(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetSession);
    let live = LiveRoom::new(&*service, 3)?;
    let mut breakouts = [service.add_breakout(&live.room), service.add_breakout(&live.room)];
    breakouts.sort();
    let told = good!(provider.get_session(&reading(), &live.session, true).await, "a session with breakout rooms");
    is_the_session_of(&*provider, &live, &told)?;
    let mut ids: Vec<_> = told.breakout_rooms.iter().flatten().map(|room| room.session_id.clone()).collect();
    ids.sort();
    ensure_eq!(ids, breakouts.clone().map(Some), "sessions of the breakout rooms");
    let told = good!(provider.get_session(&reading(), &live.session, false).await, "a session without breakout rooms");
    ensure_eq!(told.breakout_rooms.unwrap_or_default(), Vec::new(), "breakout rooms that were not asked for");
    let told = good!(provider.get_session(&reading(), &breakouts[0], true).await, "a breakout room by its id");
    ensure_eq!(told.session_id.as_ref(), Some(&breakouts[0]), "id of a breakout room");
    Ok(())
}

/// A session that does not exist is not found.
///
/// # Errors
/// What it is instead.
pub async fn an_unknown_session_is_not_found(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, GetSession);
    let answer = provider.get_session(&reading(), &service.unknown_session(), true).await;
    is_absence(&*provider, Operation::GetSession, answer, ErrorKind::SessionNotFound)
}

/// The id of what runs in a room, and not of what ran there before.
///
/// # Errors
/// What differs.
pub async fn the_id_of_a_live_session_is_found(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, FindLiveSessionId);
    let ended = ended_room(&*service)?;
    let running = service.join(&ended.room, &ended.left[0].0);
    let found = good!(provider.find_live_session_id(&reading(), &ended.room).await, "the id of a live session");
    ensure_eq!(found, Some(running.session_id), "the session that runs");
    Ok(())
}

/// Where nothing runs there is no id, and that is no error.
///
/// # Errors
/// The room that is answered otherwise.
pub async fn an_idle_room_has_no_session_id(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, FindLiveSessionId);
    for (what, room) in idle_rooms(&*service)? {
        let found = good!(provider.find_live_session_id(&reading(), &room).await, "{what}");
        ensure_eq!(found, None, "{what}");
    }
    Ok(())
}
