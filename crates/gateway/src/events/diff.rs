//! What a new answer changes in what was known of a provider's live sessions.

use std::collections::HashMap;
use std::sync::Arc;

use session_provider::{BreakoutRoom, RoomId, Session};

use crate::reads::{ListAnswer, place};

/// A change of one session.
#[derive(Debug, PartialEq)]
pub(super) enum Change<'a> {
    Ended(&'a Session, EndReason),
    Updated {
        before: &'a Session,
        now: &'a Session,
    },
    /// By its place in the new answer.
    Started(usize, &'a Session),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndReason {
    Ended,
    /// Another session began in the room.
    Replaced,
}

impl EndReason {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Replaced => "replaced",
        }
    }
}

/// The changes in the order in which they are told, and the sessions that the new answer lacks without having said for
/// sure that they have ended.
#[derive(Debug, PartialEq)]
pub(super) struct Diff<'a> {
    pub(super) changes: Vec<Change<'a>>,
    pub(super) missing: Vec<Arc<Session>>,
}

/// `missing` are the sessions that the answer before had lacked already.
pub(super) fn diff_answers<'a>(before: &'a ListAnswer, missing: &'a [Arc<Session>], now: &'a ListAnswer) -> Diff<'a> {
    let is_the_same = |old, new| now.is_row_of(new, before, old);
    diff_of(Differing::of(before.sessions(), now.sessions(), is_the_same), missing, now.is_settled())
}

/// The same of sessions in the order of the list. `settled` says that a session that is not in the new answer has ended; else
/// two answers one after the other must lack it.
pub(super) fn diff<'a>(
    before: &'a [Session],
    missing: &'a [Arc<Session>],
    now: &'a [Session],
    settled: bool,
) -> Diff<'a> {
    diff_of(Differing::of(before, now, |_, _| false), missing, settled)
}

fn diff_of<'a>(differing: Differing<'a>, missing: &'a [Arc<Session>], settled: bool) -> Diff<'a> {
    let Differing { before, now } = differing;
    let mut known: HashMap<&RoomId, (&Session, bool)> = HashMap::with_capacity(before.len() + missing.len());
    known.extend(missing.iter().map(|session| (&session.room_id, (&**session, true))));
    known.extend(before.iter().map(|session| (&session.room_id, (*session, false))));
    let mut began = Vec::new();
    let mut updated = Vec::new();
    // Newest first as they stand, told oldest first.
    for (row, session) in now.into_iter().rev() {
        match known.remove(&session.room_id) {
            None => began.push(Change::Started(row, session)),
            Some((old, _)) if is_another(old, session) => {
                began.extend([Change::Ended(old, EndReason::Replaced), Change::Started(row, session)]);
            }
            Some((old, _)) if !says_the_same(old, session) => {
                updated.push(Change::Updated { before: old, now: session });
            }
            Some(_) => {}
        }
    }
    let mut gone: Vec<&Session> = Vec::new();
    let mut still_missing = Vec::new();
    // In the order in which they were known, not in that of the map.
    for session in before.into_iter().rev().chain(missing.iter().map(|session| &**session)) {
        let Some((_, was_missing)) = known.remove(&session.room_id) else { continue };
        if settled || was_missing {
            gone.push(session);
        } else {
            still_missing.push(Arc::new(session.clone()));
        }
    }
    let ended = gone.into_iter().map(|session| Change::Ended(session, EndReason::Ended));
    Diff { changes: ended.chain(updated).chain(began).collect(), missing: still_missing }
}

/// Two answers without the sessions of which both say the same: of ten thousand most, which needs no map to see, as both
/// answers are in the order of the list, and mostly no look at the sessions.
struct Differing<'a> {
    before: Vec<&'a Session>,
    /// With their rows.
    now: Vec<(usize, &'a Session)>,
}

impl<'a> Differing<'a> {
    /// `is_the_same` says of a row before and a row now whether they are known to be one; where it does not, they are compared.
    fn of(before: &'a [Session], now: &'a [Session], is_the_same: impl Fn(usize, usize) -> bool) -> Self {
        let mut differing = Self { before: Vec::new(), now: Vec::new() };
        let (mut old, mut new) = (before.iter().enumerate().peekable(), now.iter().enumerate().peekable());
        while let (Some((row_before, before)), Some((row, now))) = (old.peek(), new.peek()) {
            if is_the_same(*row_before, *row) {
                old.next();
                new.next();
                continue;
            }
            let order = place(before).cmp(&place(now));
            if order.is_eq() && says_the_same(before, now) {
                old.next();
                new.next();
                continue;
            }
            if order.is_le() {
                differing.before.extend(old.next().map(|(_, session)| session));
            }
            if order.is_ge() {
                differing.now.extend(new.next());
            }
        }
        differing.before.extend(old.map(|(_, session)| session));
        differing.now.extend(new);
        differing
    }
}

/// Whether it is another session in the same room. Where the provider names none, they are told apart by their beginnings.
fn is_another(old: &Session, new: &Session) -> bool {
    let differ = |one: Option<_>, other: Option<_>| one.is_some() && other.is_some() && one != other;
    match (&old.session_id, &new.session_id) {
        (Some(old), Some(new)) => old != new,
        _ => differ(old.started_at, new.started_at) || differ(old.created_at, new.created_at),
    }
}

/// Whether nothing has changed that makes an event by itself.
fn says_the_same(old: &Session, new: &Session) -> bool {
    // Every field once, so that a new one is not forgotten.
    let Session {
        room_id,
        session_id,
        status,
        session_type,
        title,
        created_at,
        started_at,
        ended_at,
        updated_at: _,
        participant_count,
        max_participant_count,
        minutes_consumed: _,
        recording_count,
        livestream_count,
        breakout_rooms,
        metadata,
        aliases: _,
        extensions,
    } = old;
    (room_id, session_id, status, session_type, title)
        == (&new.room_id, &new.session_id, &new.status, &new.session_type, &new.title)
        && (created_at, started_at, ended_at) == (&new.created_at, &new.started_at, &new.ended_at)
        && (participant_count, max_participant_count) == (&new.participant_count, &new.max_participant_count)
        && (recording_count, livestream_count) == (&new.recording_count, &new.livestream_count)
        && (metadata, extensions) == (&new.metadata, &new.extensions)
        && match (breakout_rooms, &new.breakout_rooms) {
            (Some(old), Some(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| breakout_says_the_same(old, new))
            }
            (old, new) => old.is_none() && new.is_none(),
        }
}

fn breakout_says_the_same(old: &BreakoutRoom, new: &BreakoutRoom) -> bool {
    let BreakoutRoom { updated_at, minutes_consumed, .. } = new;
    BreakoutRoom { updated_at: *updated_at, minutes_consumed: *minutes_consumed, ..old.clone() } == *new
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::btree_map;
    use proptest::option;
    use proptest::prelude::*;
    use session_provider::{SessionId, SessionStatus, Timestamp};

    use super::*;

    fn session(room: &str, id: Option<&str>) -> Session {
        let session_id = id.map(|id| SessionId::new(id).unwrap());
        Session { session_id, ..Session::of_room(RoomId::new(room).unwrap(), SessionStatus::Live) }
    }

    fn at(ms: i64) -> Option<Timestamp> {
        Timestamp::from_unix_ms(ms)
    }

    #[test]
    fn sessions_begin_end_change_and_replace_each_other() {
        let before =
            [session("stays", None), session("ends", None), session("grows", None), session("next", Some("1"))];
        let grown = Session { participant_count: Some(2), ..before[2].clone() };
        let now = [session("new", None), before[0].clone(), grown.clone(), session("next", Some("2"))];
        let diff = diff(&before, &[], &now, true);
        assert_eq!(
            diff.changes,
            [
                Change::Ended(&before[1], EndReason::Ended),
                Change::Updated { before: &before[2], now: &grown },
                Change::Ended(&before[3], EndReason::Replaced),
                Change::Started(3, &now[3]),
                Change::Started(0, &now[0]),
            ]
        );
        assert_eq!(diff.missing, []);
    }

    #[test]
    fn what_one_answer_lacks_has_not_ended_where_that_proves_nothing() {
        let before = [session("a", None)];
        let once = diff(&before, &[], &[], false);
        assert_eq!((once.changes.as_slice(), once.missing.len()), (&[][..], 1));
        let twice = diff(&[], &once.missing, &[], false);
        assert_eq!(twice.changes, [Change::Ended(&before[0], EndReason::Ended)]);
        let again = diff(&[], &once.missing, &before, false);
        assert_eq!((again.changes.as_slice(), again.missing.as_slice()), (&[][..], &[][..]));
    }

    /// Sessions in the order of the list, each room once.
    fn sessions(rooms: &BTreeMap<u8, (i64, u64)>) -> Vec<Session> {
        let session = |(room, (started, people)): (&u8, &(i64, u64))| Session {
            started_at: at(*started),
            participant_count: Some(*people),
            ..session(&format!("r{room:02}"), None)
        };
        let mut sessions: Vec<Session> = rooms.iter().map(session).collect();
        sessions.sort_by(|a, b| place(a).cmp(&place(b)));
        sessions
    }

    proptest! {
        #[test]
        fn what_is_known_of_rows_changes_nothing(
            before in btree_map(0_u8..12, (0_i64..3, 0_u64..2), 0..12),
            changes in btree_map(0_u8..12, option::of((0_i64..3, 0_u64..2)), 0..4),
            known in any::<u16>(),
        ) {
            let mut now = before.clone();
            for (room, change) in changes {
                match change {
                    Some(session) => { now.insert(room, session); }
                    None => { now.remove(&room); }
                }
            }
            let (before, now) = (sessions(&before), sessions(&now));
            let is_known = |old: usize, new: usize| known >> old & 1 == 1 && before[old] == now[new];
            let knowing = diff_of(Differing::of(&before, &now, is_known), &[], true);
            prop_assert_eq!(knowing, diff(&before, &[], &now, true));
        }
    }

    #[test]
    fn some_fields_make_no_event_by_themselves() {
        let old = session("a", Some("1"));
        let breakout = BreakoutRoom { minutes_consumed: Some(1.0), ..BreakoutRoom::default() };
        for (new, changes) in [
            (Session { updated_at: at(5), ..old.clone() }, false),
            (Session { minutes_consumed: Some(2.5), ..old.clone() }, false),
            (Session { title: Some("t".into()), ..old.clone() }, true),
            (Session { breakout_rooms: Some(vec![breakout.clone()]), ..old.clone() }, true),
        ] {
            let (before, now) = ([old.clone()], [new]);
            assert_eq!(!diff(&before, &[], &now, true).changes.is_empty(), changes, "{now:?}");
        }
        let before = [Session { breakout_rooms: Some(vec![breakout]), ..old.clone() }];
        let now = [Session { breakout_rooms: Some(vec![BreakoutRoom::default()]), ..old }];
        assert!(diff(&before, &[], &now, true).changes.is_empty());
    }

    #[test]
    fn without_ids_sessions_are_told_apart_by_their_beginnings() {
        let of = |started_at, id| Session { started_at, ..session("a", id) };
        for (old, new, another) in [
            (of(at(1), None), of(at(2), None), true),
            (of(None, None), of(at(2), None), false),
            (of(at(1), Some("1")), of(at(2), Some("1")), false),
            (of(at(1), None), of(at(1), Some("1")), false),
        ] {
            assert_eq!(is_another(&old, &new), another, "{old:?} {new:?}");
        }
    }
}
