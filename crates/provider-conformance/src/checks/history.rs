//! The sessions of all times: page by page of the account, whole of a room.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use session_provider::{
    ErrorKind, ListedSession, Operation, Passed, PassedOfMoment, RoomId, SessionFilter, SessionId, SessionProvider,
    SessionQuery, SessionStatus, Timestamp, WantedStatus,
};

use crate::asking::{first_page, reading};
use crate::checks::{good, is_in_context, need};
use crate::stage::{LiveRoom, ended_room, idle_rooms, visitor};
use crate::verdict::{ensure, ensure_eq};
use crate::{Bounds, Change, Harness, Service, Verdict, Violation};

/// More sessions than two pages of any service have.
const MANY: usize = 300;

/// Sessions that have ended, and the rooms they were in.
fn ended(service: &dyn Service, count: usize) -> Result<Vec<(RoomId, SessionId)>, Violation> {
    let person = visitor("one of many")?;
    let run = |_| {
        let room = service.add_room();
        let session = service.join(&room, &person).session_id;
        service.end(&room);
        (room, session)
    };
    Ok((0..count).map(run).collect())
}

/// Takes page after page, with so many sessions each.
async fn walk(
    provider: &dyn SessionProvider,
    filter: &SessionFilter,
    limit: u16,
) -> Result<Vec<ListedSession>, Violation> {
    let mut query = SessionQuery { filter: filter.clone(), limit, ..first_page() };
    let mut rows: Vec<ListedSession> = Vec::new();
    loop {
        let page = good!(provider.list_sessions(&reading(), &query).await, "a page of sessions");
        ensure!(page.rows.len() <= usize::from(limit), "{} sessions on a page of {limit}", page.rows.len());
        let last = page.rows.last().map(|row| (row.moment, row.id.clone(), row.position.clone()));
        rows.extend(page.rows);
        let Some((moment, id, position)) = last.filter(|_| page.more) else {
            ensure!(!page.more, "an empty page of which more is to come");
            return Ok(rows);
        };
        query.passed = Some(Passed { moment, of_moment: PassedOfMoment::UpTo(id) });
        query.position = position;
    }
}

fn are_in_order(rows: &[ListedSession]) -> Verdict {
    let key = |row: &ListedSession| (Reverse(row.moment), row.id.clone());
    ensure!(rows.iter().map(key).is_sorted(), "sessions are not newest first, then by id");
    let ids: BTreeSet<&SessionId> = rows.iter().map(|row| &row.id).collect();
    ensure_eq!(ids.len(), rows.len(), "different sessions");
    for row in rows {
        ensure_eq!(row.session.session_id.as_ref(), Some(&row.id), "the id of a session");
        ensure!(row.moment.is_some(), "the service said when {} was made, the provider does not", row.id);
    }
    Ok(())
}

/// All sessions, live and ended, in pages of any length.
///
/// # Errors
/// What differs.
pub async fn a_walk_gives_each_session_once_newest_first(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessions);
    ensure!(walk(&*provider, &SessionFilter::default(), 50).await?.is_empty(), "sessions of an empty account");
    let live = LiveRoom::new(&*service, 3)?;
    let mut expected: BTreeSet<SessionId> = ended(&*service, MANY)?.into_iter().map(|(_, session)| session).collect();
    expected.insert(live.session.clone());
    for limit in [7, 50, 100, 200] {
        let rows = walk(&*provider, &SessionFilter::default(), limit).await?;
        are_in_order(&rows)?;
        ensure_eq!(rows.len(), expected.len(), "sessions in pages of {limit}");
        let ids: BTreeSet<SessionId> = rows.iter().map(|row| row.id.clone()).collect();
        ensure!(ids == expected, "other sessions than there are, in pages of {limit}");
        for row in rows {
            let status = if row.id == live.session { SessionStatus::Live } else { SessionStatus::Ended };
            ensure_eq!(row.session.status, status, "status of {}", row.id);
            ensure_eq!(row.session.ended_at.is_some(), status == SessionStatus::Ended, "end of {}", row.id);
        }
    }
    Ok(())
}

/// What lasts from the first page to the last is given once, whatever comes and goes between two calls.
///
/// # Errors
/// What differs.
pub async fn a_walk_loses_nothing_while_sessions_begin_end_and_vanish(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessions);
    let sessions = ended(&*service, MANY)?;
    let person = visitor("one of few")?;
    let (vanishing, lasting): (Vec<_>, Vec<_>) = sessions.iter().enumerate().partition(|(number, _)| number % 4 == 3);
    let vanish = vanishing.iter().rev().map(|(_, (_, session))| Change::Forget(session.clone()));
    let begin = (0..vanishing.len()).map(|_| Change::Join(service.add_room(), person.clone()));
    let (vanish, begin): (Vec<_>, Vec<_>) = (vanish.collect(), begin.collect());
    let changes = vanish.chunks(5).zip(begin.chunks(2)).map(|(vanish, begin)| [vanish, begin].concat()).collect();
    service.change_between_answers(changes);
    let rows = walk(&*provider, &SessionFilter::default(), 40).await?;
    are_in_order(&rows)?;
    let ids: BTreeSet<&SessionId> = rows.iter().map(|row| &row.id).collect();
    let lost: Vec<_> = lasting.iter().filter(|(_, (_, session))| !ids.contains(session)).collect();
    ensure!(lost.is_empty(), "{} sessions lost although they last", lost.len());
    Ok(())
}

/// By room, status and time.
///
/// # Errors
/// What comes besides, or not at all.
pub async fn what_is_not_asked_for_is_left_out(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessions);
    let before = ended_room(&*service)?;
    let live = LiveRoom::new(&*service, 2)?;
    let after = ended_room(&*service)?;
    let all = walk(&*provider, &SessionFilter::default(), 50).await?;
    let everything = SessionFilter::default();
    let moment = |session: &SessionId| all.iter().find(|row| row.id == *session).and_then(|row| row.moment);
    let later = |moment: Option<Timestamp>| moment.and_then(|moment| Timestamp::from_unix_ms(moment.unix_ms() + 1));
    for (filter, expected) in [
        (SessionFilter { status: Some(WantedStatus::Live), ..everything.clone() }, vec![&live.session]),
        (
            SessionFilter { status: Some(WantedStatus::Ended), ..everything.clone() },
            vec![&before.session, &after.session],
        ),
        (SessionFilter { room: Some(live.room.clone()), ..everything.clone() }, vec![&live.session]),
        (SessionFilter { since: later(moment(&after.session)), ..everything.clone() }, vec![]),
        (SessionFilter { until: all.last().and_then(|row| row.moment), ..everything.clone() }, vec![]),
        (
            SessionFilter {
                since: moment(&before.session),
                until: later(moment(&after.session)),
                ..everything.clone()
            },
            vec![&before.session, &live.session, &after.session],
        ),
    ] {
        let rows = walk(&*provider, &filter, 50).await?;
        let ids: BTreeSet<&SessionId> = rows.iter().map(|row| &row.id).collect();
        ensure!(ids == expected.into_iter().collect(), "{filter:?} gives {ids:?}");
    }
    Ok(())
}

/// Wherever the walk is, and however long the history.
///
/// # Errors
/// The page that costs more.
pub async fn a_page_costs_a_call_or_two(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListSessions);
    ended(&*service, MANY)?;
    let mut query = SessionQuery { limit: 50, ..first_page() };
    for number in 1.. {
        let before = service.requests().len();
        let page = good!(provider.list_sessions(&reading(), &query).await, "page {number}");
        let calls = service.requests().len() - before;
        ensure!(calls <= 2, "page {number} cost {calls} calls");
        let Some(last) = page.rows.last().filter(|_| page.more) else { break };
        query.passed = Some(Passed { moment: last.moment, of_moment: PassedOfMoment::UpTo(last.id.clone()) });
        query.position = last.position.clone();
    }
    Ok(())
}

/// No error, but nothing.
///
/// # Errors
/// What is answered instead.
pub async fn a_room_that_is_unknown_has_no_history(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    let [(_, unused), _, (_, unknown), (_, longest)] = idle_rooms(&*service)?;
    for room in [unused, unknown, longest] {
        if provider.capabilities().supports(Operation::ListSessions) {
            let filter = SessionFilter { room: Some(room.clone()), ..SessionFilter::default() };
            ensure_eq!(walk(&*provider, &filter, 50).await?.len(), 0, "sessions of a room without any");
        }
        if provider.capabilities().supports(Operation::ListRoomSessions) {
            let list = good!(provider.list_room_sessions(&reading(), &room).await, "a room without sessions");
            ensure_eq!((list.sessions.len(), list.dropped), (0, 0), "sessions of a room without any");
        }
    }
    Ok(())
}

/// Every session of the room, the running one included, and no other.
///
/// # Errors
/// What differs.
pub async fn the_sessions_of_a_room_come_whole(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds::default());
    need!(provider, ListRoomSessions);
    ended_room(&*service)?;
    let (room, person) = (service.add_room(), visitor("regular")?);
    let mut expected = BTreeSet::new();
    for _ in 0..MANY {
        expected.insert(service.join(&room, &person).session_id);
        service.end(&room);
    }
    let running = service.join(&room, &person).session_id;
    expected.insert(running.clone());
    let list = good!(provider.list_room_sessions(&reading(), &room).await, "the sessions of a room");
    ensure_eq!((list.sessions.len(), list.dropped), (expected.len(), 0), "sessions of a room");
    for session in list.sessions {
        ensure_eq!(session.room_id, room, "room of a session");
        let Some(id) = session.session_id else { return Err(Violation::new("a session without its id".to_owned())) };
        let status = if id == running { SessionStatus::Live } else { SessionStatus::Ended };
        ensure_eq!(session.status, status, "status of {id}");
        ensure!(session.started_at.is_some(), "the service said when {id} began, the provider does not");
        ensure!(expected.remove(&id), "{id} is no session of the room, or comes twice");
    }
    Ok(())
}

/// A history of more pages than may be walked is refused, never cut.
///
/// # Errors
/// What is answered instead.
pub async fn too_long_a_history_of_a_room_is_no_shortened_one(harness: &dyn Harness) -> Verdict {
    let service = harness.start().await;
    let provider = service.provider(Bounds { max_pages: 2, ..Bounds::default() });
    need!(provider, ListRoomSessions);
    let (room, person) = (service.add_room(), visitor("regular")?);
    for _ in 0..MANY {
        service.join(&room, &person);
        service.end(&room);
    }
    match provider.list_room_sessions(&reading(), &room).await {
        Err(error) if error.kind() == ErrorKind::ProviderBadResponse => {
            is_in_context(&*provider, Operation::ListRoomSessions, &error)
        }
        other => Err(Violation::new(format!("{other:?}"))),
    }
}
