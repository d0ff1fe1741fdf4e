//! What happens in one room: one log for all who follow it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Context;
use std::time::Duration;

use bytes::Bytes;
use session_provider::{ProviderId, RoomId, Session, SessionId};
use tokio::time::Instant;

use crate::changes::{Changes, Tick};
use crate::config::EventsConfig;
use crate::events::change_log::ProviderView;
use crate::events::diff::{Change, diff};
use crate::events::encode;
use crate::events::event_log::{Audience, EventLog, NextEvent, StreamReader};
use crate::events::frame::EventKind;
use crate::events::place::Place;
use crate::events::ring::{At, Keep, Logged, Ring, RingEntry};
use crate::events::room_snapshot::{ListedSession, RoomSnapshot};
use crate::events::waiting_readers::WaitingReaders;
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus, ProviderProblem};
use crate::reads::{NewerThan, PeopleAnswer, PeoplePolled};
use crate::telemetry::metrics as names;

/// The most bytes of events that are kept for a room.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The log. Shared by its poller and the streams.
#[derive(Debug)]
pub(super) struct RoomLog {
    pub(super) provider: ProviderId,
    pub(super) room: RoomId,
    pub(super) audience: Arc<Audience>,
    changes: Changes,
    /// Those who have read all that is there: looked at and told under the lock of the state.
    pub(super) waiting: WaitingReaders,
    state: Mutex<RoomState>,
}

#[derive(Debug)]
struct RoomState {
    /// The session that the provider's list shows.
    session: Option<ListedSession>,
    people: People,
    /// Why the people could not be asked for the last time.
    trouble: Option<ProviderProblem>,
    /// How the provider fares by its list.
    listed: Option<Arc<ProviderOutcome>>,
    /// How the room fares, as it was told.
    outcome: Option<Arc<ProviderOutcome>>,
    /// Whether it is polled: else what is known may be old.
    current: bool,
    /// When its people were asked for the last time.
    asked: Option<Instant>,
    poll: Duration,
    ring: Ring,
}

/// Who is in the room.
#[derive(Debug, Clone)]
enum People {
    Unknown,
    Nobody,
    These(PeopleAnswer),
}

impl People {
    fn answer(&self) -> Option<&PeopleAnswer> {
        if let Self::These(answer) = self { Some(answer) } else { None }
    }

    fn is_older_than(&self, answer: &PeopleAnswer) -> bool {
        self.answer().is_none_or(|known| known.began() < answer.began())
    }
}

/// Events that are found and not told yet.
type FoundEvents = Vec<(EventKind, Bytes)>;

impl RoomLog {
    pub(super) fn new(provider: ProviderId, room: RoomId, changes: Changes, config: &EventsConfig) -> Self {
        let state = RoomState {
            session: None,
            people: People::Unknown,
            trouble: None,
            listed: None,
            outcome: None,
            current: false,
            asked: None,
            poll: config.poll_for,
            ring: Ring::new(rand::random(), Keep::new(config, MAX_BYTES)),
        };
        let (audience, waiting) = (Arc::default(), WaitingReaders::default());
        Self { provider, room, audience, changes, waiting, state: Mutex::new(state) }
    }

    /// Takes what is known of the provider. Says whether the people should be asked for: the room's session is another or
    /// otherwise than before, or the provider is back.
    pub(super) fn listed(&self, view: ProviderView) -> bool {
        let ProviderView { known, outcome: Some(outcome) } = view else { return false };
        let mut state = self.state();
        let now = known.and_then(|known| {
            let is_it = |session: &&Session| session.room_id == self.room || session.aliases.contains(&self.room);
            let missing = || known.missing.iter().map(|session| &**session);
            let session = known.answer.sessions().iter().chain(missing()).find(is_it)?;
            Some(ListedSession { session: Arc::new(session.clone()), answer: known.answer.clone() })
        });
        let before = state.session.take();
        let slice = |listed: &Option<ListedSession>| -> Vec<Session> {
            listed.iter().map(|listed| (*listed.session).clone()).collect()
        };
        let (old, new) = (slice(&before), slice(&now));
        let changes = diff(&old, &[], &new, true).changes;
        let mut found = FoundEvents::new();
        for change in &changes {
            if let Change::Ended(..) = change {
                self.leave_all(&mut state, &mut found);
            }
            let answer = now.as_ref().or(before.as_ref()).map(|listed| &listed.answer);
            found.extend(answer.and_then(|answer| encode::change(&self.provider, change, answer)));
        }
        let is_changed = !changes.is_empty();
        state.session = now;
        let is_ok = |outcome: &Arc<ProviderOutcome>| outcome.status == ProviderOutcomeStatus::Ok;
        // Where the provider has come back, who could not be learned may be learned again.
        let is_back = state.trouble.is_some() && is_ok(&outcome) && !state.listed.as_ref().is_some_and(is_ok);
        state.listed = Some(outcome);
        if state.session.is_none() {
            (state.people, state.trouble, state.current) = (People::Unknown, None, true);
        }
        self.settle(state, found);
        is_changed || is_back
    }

    /// Everybody leaves whose session is over.
    fn leave_all(&self, state: &mut RoomState, found: &mut FoundEvents) {
        if let People::These(people) = std::mem::replace(&mut state.people, People::Unknown) {
            found.extend(
                people.rows().map(|(connection, row)| encode::left(&self.provider, &self.room, connection, row)),
            );
        }
    }

    /// Takes what a poll of the people has led to.
    pub(super) fn polled(&self, polled: PeoplePolled, poll: Duration) {
        let mut state = self.state();
        state.current = true;
        state.poll = poll;
        let mut found = FoundEvents::new();
        if state.session.is_none() {
            // It has ended meanwhile.
            return self.settle(state, found);
        }
        match polled {
            PeoplePolled::Failed(problem) => state.trouble = Some(problem),
            PeoplePolled::NotLive => {
                self.leave_all(&mut state, &mut found);
                (state.people, state.trouble) = (People::Nobody, None);
            }
            PeoplePolled::People(answer, problem) => {
                state.trouble = problem;
                // Else it came here as somebody's read was answered.
                if state.people.is_older_than(&answer) {
                    self.learn(&mut state, answer, &mut found);
                }
            }
        }
        self.settle(state, found);
    }

    /// Takes what somebody's read has brought.
    pub(super) fn answered(&self, answer: PeopleAnswer) {
        let mut state = self.state();
        // Of a room that nobody follows it is not known which session runs in it. Whether people who were asked for
        // earlier are there again cannot be told.
        let is_followed = self.audience.is_there() && state.session.is_some();
        if is_followed && !matches!(state.people, People::Nobody) && state.people.is_older_than(&answer) {
            let mut found = FoundEvents::new();
            state.trouble = None;
            self.learn(&mut state, answer, &mut found);
            self.settle(state, found);
        }
    }

    fn learn(&self, state: &mut RoomState, answer: PeopleAnswer, found: &mut FoundEvents) {
        let before = std::mem::replace(&mut state.people, People::These(answer.clone()));
        self.compare(before.answer(), &answer, found);
        if !found.is_empty() {
            self.mark(state, answer.began());
        }
    }

    fn compare(&self, before: Option<&PeopleAnswer>, now: &PeopleAnswer, found: &mut FoundEvents) {
        let mut known: HashMap<&str, &[u8]> = before.map(|before| before.rows().collect()).unwrap_or_default();
        let mut came = FoundEvents::new();
        for (connection, row) in now.rows() {
            match known.remove(connection) {
                None => came.push(encode::person(EventKind::ParticipantJoined, &self.provider, &self.room, row)),
                Some(old) if old != row => {
                    came.push(encode::person(EventKind::ParticipantUpdated, &self.provider, &self.room, row))
                }
                Some(_) => {}
            }
        }
        let gone =
            before.into_iter().flat_map(PeopleAnswer::rows).filter(|(connection, _)| known.contains_key(connection));
        found.extend(gone.map(|(connection, row)| encode::left(&self.provider, &self.room, connection, row)));
        found.extend(came);
    }

    /// Before anybody can read the events: what was asked for earlier of the room is not served any more.
    fn mark(&self, state: &RoomState, began: Tick) {
        let session = state.session.as_ref().map(|listed| &*listed.session);
        let names = session.into_iter().flat_map(|session| std::iter::once(&session.room_id).chain(&session.aliases));
        let id = session.and_then(|session| session.session_id.as_ref());
        self.changes.seen(began, &self.provider, names.chain([&self.room]), id);
    }

    /// Tells what was found, and how the room fares if that is another way than before.
    fn settle(&self, mut state: MutexGuard<'_, RoomState>, found: FoundEvents) {
        let Some(listed) = state.listed.clone() else { return };
        let outcome = match &state.trouble {
            Some(problem) if listed.status != ProviderOutcomeStatus::Failed && state.session.is_some() => {
                let status = match state.people {
                    People::Unknown => ProviderOutcomeStatus::Failed,
                    People::Nobody | People::These(_) => ProviderOutcomeStatus::Stale,
                };
                Arc::new(ProviderOutcome { status, problem: Some(problem.clone()), ..(*listed).clone() })
            }
            _ => listed,
        };
        let is_failed = |outcome: &ProviderOutcome| outcome.status == ProviderOutcomeStatus::Failed;
        let before = state.outcome.replace(Arc::clone(&outcome));
        let was_known = before.as_deref().is_some_and(|before| !is_failed(before));
        if was_known && !is_failed(&outcome) {
            for (kind, event) in found {
                self.push(&mut state, kind, event);
            }
        }
        if before.is_some_and(|before| before.status != outcome.status) {
            self.push(&mut state, EventKind::ProviderChanged, encode::provider_changed(&outcome));
            if !was_known {
                state.ring.push(RingEntry::Anew);
            }
        }
        self.waiting.wake();
    }

    fn push(&self, state: &mut RoomState, kind: EventKind, event: Bytes) {
        metrics::counter!(names::EVENTS, "provider" => self.provider.to_string(), "event" => kind.as_str())
            .increment(1);
        state.ring.push(RingEntry::Event(event));
    }

    /// Whether word of these rooms and this session may be about this one: by one of its names, by its session, or because
    /// no room is named.
    pub(super) fn may_be_about(&self, rooms: &[RoomId], id: Option<&SessionId>) -> bool {
        if rooms.is_empty() || rooms.contains(&self.room) {
            return true;
        }
        let state = self.state();
        let Some(session) = state.session.as_ref().map(|listed| &listed.session) else { return false };
        let is_ours = |room: &RoomId| *room == session.room_id || session.aliases.contains(room);
        rooms.iter().any(is_ours) || (id.is_some() && id == session.session_id.as_ref())
    }

    /// If it is live: whether it need not be asked as long as its row stays the same, since the provider's list counts its
    /// people, and they could be asked for the last time.
    pub(super) fn rests(&self) -> Option<bool> {
        let state = self.state();
        let listed = state.session.as_ref()?;
        Some(listed.session.participant_count.is_some() && state.trouble.is_none())
    }

    /// Whether its people could not be asked for the last time.
    pub(super) fn is_in_trouble(&self) -> bool {
        self.state().trouble.is_some()
    }

    /// When the latest people were answered, whoever asked.
    pub(super) fn answered_at(&self) -> Option<Instant> {
        self.state().people.answer().map(PeopleAnswer::answered)
    }

    /// Which answers are newer than the latest people.
    pub(super) fn newer_people(&self) -> Option<NewerThan> {
        self.state().people.answer().map(PeopleAnswer::newer)
    }

    /// The least time between two polls that the latest answer allows.
    pub(super) fn spacing(&self) -> Option<Duration> {
        self.state().people.answer().map(PeopleAnswer::spacing)
    }

    /// Notes that its people are asked for now.
    pub(super) fn asks(&self) {
        self.state().asked = Some(Instant::now());
    }

    /// When they were asked for the last time.
    pub(super) fn asked(&self) -> Option<Instant> {
        self.state().asked
    }

    /// It is polled again, so lately after the last time that what is known is as new as ever.
    pub(super) fn resume(&self) {
        let mut state = self.state();
        state.current = true;
        self.waiting.wake();
    }

    /// Until it is polled again, what is known may be old.
    pub(super) fn leave(&self) {
        self.state().current = false;
    }

    fn state(&self) -> MutexGuard<'_, RoomState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RoomState {
    /// A snapshot, once all that belongs into it is known.
    fn snapshot(&self, log: &RoomLog) -> Option<RoomSnapshot> {
        let outcome = self.outcome.clone().filter(|_| self.current)?;
        let is_failed = outcome.status == ProviderOutcomeStatus::Failed;
        let (session, people) =
            if is_failed { (None, None) } else { (self.session.clone(), self.people.answer().cloned()) };
        let is_whole = session.is_none() || !matches!(self.people, People::Unknown);
        is_whole.then(|| RoomSnapshot::new(log.room.clone(), session, people, outcome, self.poll, self.ring.next()))
    }
}

impl EventLog for RoomLog {
    fn next(&self, place: Option<Place>, reader: StreamReader, cx: &Context<'_>) -> NextEvent {
        let state = self.state();
        match place.map(|place| state.ring.at(place)) {
            Some(At::Entry(Logged { at, entry: RingEntry::Event(event) })) => {
                return NextEvent::Event(event.clone(), *at);
            }
            Some(At::End) => {}
            Some(At::Entry(_) | At::Unknown) | None => {
                if let Some(snapshot) = state.snapshot(self) {
                    return NextEvent::Snapshot(Box::new(snapshot));
                }
            }
        }
        self.waiting.add(reader, cx);
        NextEvent::Nothing
    }

    fn forget(&self, reader: StreamReader) {
        self.waiting.remove(reader);
    }
}
