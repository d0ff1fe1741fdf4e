//! When what was last touched.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use session_provider::{ProviderId, RoomId, SessionId};

use crate::changes::subject::Subject;
use crate::changes::tick::Tick;

/// The most rooms, and the most sessions, that are marked one by one for a provider.
pub(super) const MAX_MARKS: usize = 1024;

/// The latest mark of every room, by provider. Bounded: when more than [`MAX_MARKS`] rooms or sessions are marked the
/// marks are dropped, and whatever began before that counts as touched.
///
/// A mark is the [`Tick`] of what has touched the room, perhaps with more about it.
#[derive(Debug)]
pub(super) struct Marks<M = Tick>(HashMap<ProviderId, RwLock<Marked<M>>>);

#[derive(Debug)]
struct Marked<M> {
    /// The latest mark that touches whatever is about the whole provider.
    latest: Option<M>,
    /// The latest mark of anything.
    highest: Option<M>,
    /// What began before this counts as touched.
    floor: Option<M>,
    rooms: HashMap<RoomId, M>,
    sessions: HashMap<SessionId, M>,
}

impl<M> Default for Marked<M> {
    fn default() -> Self {
        Self { latest: None, highest: None, floor: None, rooms: HashMap::new(), sessions: HashMap::new() }
    }
}

impl<M: Copy + Ord> Marks<M> {
    pub(super) fn of(providers: impl IntoIterator<Item = ProviderId>) -> Self {
        Self(providers.into_iter().map(|provider| (provider, RwLock::default())).collect())
    }

    /// Marks what was touched, with a tick taken after that was over. Nothing named is a mark on the provider alone.
    pub(super) fn set<'a>(
        &self,
        at: M,
        provider: &ProviderId,
        rooms: impl IntoIterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
    ) {
        self.mark(at, provider, rooms, session, true);
    }

    /// The same, which touches nothing that is about the whole provider.
    pub(super) fn set_rooms<'a>(
        &self,
        at: M,
        provider: &ProviderId,
        rooms: impl IntoIterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
    ) {
        self.mark(at, provider, rooms, session, false);
    }

    /// Marks everything at the provider.
    pub(super) fn set_all(&self, at: M, provider: &ProviderId) {
        let Some(marked) = self.0.get(provider) else { return };
        let mut marked = marked.write().unwrap_or_else(PoisonError::into_inner);
        let at = Some(at);
        (marked.latest, marked.highest, marked.floor) =
            (marked.latest.max(at), marked.highest.max(at), marked.floor.max(at));
    }

    fn mark<'a>(
        &self,
        at: M,
        provider: &ProviderId,
        rooms: impl IntoIterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
        whole: bool,
    ) {
        let Some(marked) = self.0.get(provider) else { return };
        let mut marked = marked.write().unwrap_or_else(PoisonError::into_inner);
        if marked.rooms.len() >= MAX_MARKS || marked.sessions.len() >= MAX_MARKS {
            let (latest, highest) = (marked.latest, marked.highest);
            *marked = Marked { floor: highest.max(Some(at)), latest, highest, ..Marked::default() };
        }
        // Two marks may get here in the other order than they took their ticks.
        let later = |mark: &mut M| *mark = at.max(*mark);
        for room in rooms {
            marked.rooms.entry(room.clone()).and_modify(later).or_insert(at);
        }
        if let Some(session) = session {
            marked.sessions.entry(session.clone()).and_modify(later).or_insert(at);
        }
        marked.highest = marked.highest.max(Some(at));
        if whole {
            marked.latest = marked.latest.max(Some(at));
        }
    }

    /// The latest mark that touches the subject.
    pub(super) fn latest_touching(&self, provider: &ProviderId, subject: &Subject<'_>) -> Option<M> {
        let marked = self.0.get(provider)?.read().unwrap_or_else(PoisonError::into_inner);
        marked.highest?;
        let (rooms, session) = match subject {
            Subject::Provider => return marked.latest,
            Subject::AnyRoom => return marked.highest,
            Subject::Session(session) => {
                return marked.sessions.get(*session).copied().max(marked.floor).max(marked.latest);
            }
            Subject::Rooms { rooms, session } => (rooms, session),
        };
        let of_rooms = rooms.iter().filter_map(|room| marked.rooms.get(*room)).max();
        let of_session = session.and_then(|session| marked.sessions.get(session));
        of_rooms.max(of_session).copied().max(marked.floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> ProviderId {
        ProviderId::new("p").unwrap()
    }

    fn room(text: &str) -> RoomId {
        RoomId::new(text).unwrap()
    }

    fn session(text: &str) -> SessionId {
        SessionId::new(text).unwrap()
    }

    #[test]
    fn what_a_change_touches() {
        let marks = Marks::of([provider()]);
        let (s, t, at) = (session("s"), session("t"), Tick::test(10));
        marks.set(at, &provider(), [&room("r")], Some(&s));
        for (rooms, session, touched) in [
            (vec!["r"], None, true),
            (vec!["other", "r"], None, true),
            (vec!["other"], None, false),
            (vec!["other"], Some(&s), true),
            (vec!["other"], Some(&t), false),
            (vec![], None, false),
        ] {
            let subject = Subject::Rooms { rooms, session };
            let latest = marks.latest_touching(&provider(), &subject);
            assert_eq!(latest, touched.then_some(at), "{subject:?}");
        }
        assert_eq!(marks.latest_touching(&provider(), &Subject::Provider), Some(at));
        assert_eq!(marks.latest_touching(&ProviderId::new("q").unwrap(), &Subject::Provider), None);
    }

    #[test]
    fn what_is_seen_of_a_room_touches_what_any_room_may_be_in_and_not_what_is_about_the_whole_provider() {
        let marks = Marks::of([provider()]);
        marks.set_rooms(Tick::test(10), &provider(), [&room("r")], None);
        assert_eq!(marks.latest_touching(&provider(), &Subject::AnyRoom), Some(Tick::test(10)));
        assert_eq!(marks.latest_touching(&provider(), &Subject::Provider), None);
        marks.set(Tick::test(20), &provider(), [], None);
        assert_eq!(marks.latest_touching(&provider(), &Subject::AnyRoom), Some(Tick::test(20)));
    }

    #[test]
    fn a_session_without_a_room_is_touched_by_what_is_seen_of_it_and_by_every_change() {
        let marks = Marks::of([provider()]);
        let (s, t) = (session("s"), session("t"));
        marks.set_rooms(Tick::test(10), &provider(), [&room("r")], Some(&s));
        assert_eq!(marks.latest_touching(&provider(), &Subject::Session(&s)), Some(Tick::test(10)));
        assert_eq!(marks.latest_touching(&provider(), &Subject::Session(&t)), None);
        marks.set(Tick::test(20), &provider(), [&room("q")], None);
        assert_eq!(marks.latest_touching(&provider(), &Subject::Session(&s)), Some(Tick::test(20)));
        marks.set_all(Tick::test(30), &provider());
        assert_eq!(marks.latest_touching(&provider(), &Subject::Session(&t)), Some(Tick::test(30)));
    }

    #[test]
    fn a_later_mark_is_not_undone_by_an_earlier_one_that_comes_late() {
        let marks = Marks::of([provider()]);
        for at in [7, 3] {
            marks.set(Tick::test(at), &provider(), [&room("r")], None);
        }
        let subject = Subject::Rooms { rooms: vec!["r"], session: None };
        assert_eq!(marks.latest_touching(&provider(), &subject), Some(Tick::test(7)));
        assert_eq!(marks.latest_touching(&provider(), &Subject::Provider), Some(Tick::test(7)));
    }

    #[test]
    fn marks_are_bounded_and_nothing_is_forgotten_when_they_are_dropped() {
        let marks = Marks::of([provider()]);
        let count = 3 * MAX_MARKS as u64;
        for at in 1..=count {
            marks.set(Tick::test(at), &provider(), [&room(&format!("r{at}"))], Some(&session(&format!("s{at}"))));
            let marked = marks.0.get(&provider()).unwrap().read().unwrap();
            assert!(marked.rooms.len() <= MAX_MARKS && marked.sessions.len() <= MAX_MARKS);
        }
        for at in 1..=count {
            let name = format!("r{at}");
            let subject = Subject::Rooms { rooms: vec![&name], session: None };
            assert!(marks.latest_touching(&provider(), &subject) >= Some(Tick::test(at)), "{at}");
        }
        let never = Subject::Rooms { rooms: vec!["never"], session: None };
        assert!(marks.latest_touching(&provider(), &never) < Some(Tick::test(count)));
    }
}
