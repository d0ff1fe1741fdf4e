//! What happens to one provider's live sessions: one log for all who follow them.

mod among_replicas;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Context;
use std::time::Duration;

use session_provider::ProviderId;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::changes::Changes;
use crate::config::EventsConfig;
use crate::events::batch::{Batch, Brought, Latest, NewEntry, View};
use crate::events::event_log::{Audience, EventLog, NextEvent, StreamReader};
use crate::events::place::Place;
use crate::events::ring::{At, Keep, Logged, Ring, RingEntry};
use crate::events::snapshot::{KnownSessions, Snapshot};
use crate::events::waiting_readers::WaitingReaders;
use crate::problem::ProviderOutcome;
use crate::reads::ListAnswer;
use crate::telemetry::metrics as names;

/// The most bytes of events that are kept for a provider.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The most answers that wait to be written to the log of all replicas; of more the oldest say nothing any more.
const MAX_QUEUED: usize = 16;

/// The log. Shared by those who feed it, the poller and the streams.
#[derive(Debug)]
pub(super) struct ChangeLog {
    provider: ProviderId,
    changes: Changes,
    pub(super) poll_for: Duration,
    audience: Arc<Audience>,
    watched: watch::Sender<()>,
    /// Told when there is something for the one who keeps the log: an answer, or a reader who waits for a snapshot.
    called: Notify,
    /// Those who have read all that is there: looked at and told under the lock of the state.
    pub(super) waiting: WaitingReaders,
    state: Mutex<State>,
}

/// Where the events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventSource {
    /// From the answers that come to this replica.
    Here,
    /// The same, once they are in the log of all replicas.
    Leading,
    /// From the log of all replicas.
    Following,
}

#[derive(Debug)]
struct State {
    source: EventSource,
    /// What a snapshot is made of.
    view: View,
    /// Where who has that snapshot stands: at the end, but for one who follows another replica.
    place: Place,
    /// Whether it is polled: else what is known may be old, and no snapshot is made of it.
    current: bool,
    ring: Ring,
    /// What is still to be written.
    queue: VecDeque<ListAnswer>,
    /// No snapshot of an earlier place may be given: what comes before it says nothing of what comes after.
    since: u64,
    /// Since when a reader waits for a snapshot that cannot be made.
    wanted: Option<Instant>,
    /// All that was in the log of all replicas at this moment is in the ring.
    caught_up: Option<Instant>,
}

/// What is known at a moment.
#[derive(Debug)]
pub(super) struct ProviderView {
    pub(super) known: Option<Arc<KnownSessions>>,
    /// `None` before the provider was first asked.
    pub(super) outcome: Option<Arc<ProviderOutcome>>,
}

impl ChangeLog {
    pub(super) fn new(provider: ProviderId, changes: Changes, config: &EventsConfig, source: EventSource) -> Self {
        let ring = Ring::new(rand::random(), Keep::new(config, MAX_BYTES));
        let state = State {
            source,
            view: View::default(),
            place: ring.next(),
            current: false,
            ring,
            queue: VecDeque::new(),
            since: 0,
            wanted: None,
            caught_up: None,
        };
        Self {
            provider,
            changes,
            poll_for: config.poll_for,
            audience: Arc::default(),
            watched: watch::Sender::new(()),
            called: Notify::new(),
            waiting: WaitingReaders::default(),
            state: Mutex::new(state),
        }
    }

    pub(super) fn provider(&self) -> &ProviderId {
        &self.provider
    }

    /// Those who follow it.
    pub(super) fn audience(&self) -> &Arc<Audience> {
        &self.audience
    }

    /// Told whenever something may have changed.
    pub(super) fn watch(&self) -> watch::Receiver<()> {
        self.watched.subscribe()
    }

    /// What is known now; nothing while it may be old.
    pub(super) fn view(&self) -> ProviderView {
        let state = self.state();
        let outcome = state.view.outcome.clone().filter(|_| state.current);
        ProviderView { known: state.view.known.clone().filter(|_| outcome.is_some()), outcome }
    }

    /// The latest answer that was taken.
    pub(super) fn latest(&self) -> Option<Latest> {
        self.state().view.latest
    }

    /// Says whether it is polled.
    pub(super) fn set_current(&self, current: bool) {
        let mut state = self.state();
        // Before anything is known there is nothing that is current.
        state.current = current && state.view.outcome.is_some();
        self.tell(state);
    }

    /// An answer has come to this replica.
    pub(super) fn answered(&self, answer: ListAnswer) {
        let mut state = self.state();
        match state.source {
            EventSource::Here => {
                if let Some(batch) = self.batch(&state, Brought::Answer(answer)) {
                    self.see(&batch);
                    self.apply(&mut state, batch);
                    self.tell(state);
                }
            }
            EventSource::Leading => {
                if state.queue.len() >= MAX_QUEUED {
                    state.queue.pop_front();
                }
                state.queue.push_back(answer);
                self.called.notify_one();
            }
            EventSource::Following => {
                drop(state);
                if answer.is_ours_to_tell() {
                    self.changes.tell_answer(&self.provider);
                }
            }
        }
    }

    /// Takes what was brought to this replica alone.
    pub(super) fn take(&self, brought: Brought) {
        let mut state = self.state();
        if let Some(batch) = self.batch(&state, brought) {
            self.see(&batch);
            self.apply(&mut state, batch);
        }
        state.current = state.view.outcome.is_some();
        self.tell(state);
    }

    fn batch(&self, state: &State, brought: Brought) -> Option<Batch> {
        Batch::of(&self.provider, &state.view, state.ring.next().number == 0, brought)
    }

    /// What is brought to the log of all replicas, by its only writer. `None` for what says nothing new.
    pub(super) fn prepare(&self, brought: Brought) -> Option<Batch> {
        let (view, is_new) = {
            let state = self.state();
            (state.view.clone(), state.ring.next().number == 0)
        };
        Batch::of(&self.provider, &view, is_new, brought)
    }

    /// Marks what the batch has seen, before anybody can read its events.
    pub(super) fn see(&self, batch: &Batch) {
        let Some(latest) = batch.view.latest else { return };
        let seen = batch.seen.iter().map(|seen| (&*seen.rooms, seen.session.as_ref()));
        self.changes.seen_in_list(latest.began, &self.provider, seen);
    }

    /// Has the batch told: it is in the log of all replicas.
    pub(super) fn written(&self, batch: Batch) {
        let mut state = self.state();
        self.apply(&mut state, batch);
        state.current = true;
        self.tell(state);
    }

    fn apply(&self, state: &mut State, batch: Batch) {
        for entry in batch.entries {
            state.ring.push(match entry {
                NewEntry::Anew => RingEntry::Anew,
                NewEntry::Event { kind, event, .. } => {
                    let provider = self.provider.to_string();
                    metrics::counter!(names::EVENTS, "provider" => provider, "event" => kind.as_str()).increment(1);
                    RingEntry::Event(event)
                }
            });
        }
        state.view = batch.view;
        state.place = state.ring.next();
    }

    fn tell(&self, state: MutexGuard<'_, State>) {
        self.waiting.wake();
        drop(state);
        self.watched.send_replace(());
    }

    /// Whether we have changed nothing at the provider since what is known was asked for: then it may be told to one who
    /// comes now.
    fn is_untouched(&self, view: &View) -> bool {
        let began = view.latest.filter(|_| view.known.is_some()).map(|latest| latest.began);
        began.is_none_or(|began| self.changes.is_unchanged_since(began, &self.provider))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn begin(&mut self, epoch: u64) {
        let place = Place { epoch, number: 0 };
        self.ring.restart(place);
        (self.place, self.since, self.wanted) = (place, 0, None);
    }

    /// The next event stands at this place; if one is missing before it, what was there is forgotten.
    fn reach(&mut self, at: Place) {
        if self.ring.next() != at {
            self.ring.restart(at);
            self.since = at.number;
            (self.view, self.current) = (View::default(), false);
        }
    }

    /// Whether a snapshot may be given to one whose place is not known: it may come from a replica that is ahead.
    fn has_caught_up_with(&self, place: Option<Place>, reader: StreamReader) -> bool {
        self.source != EventSource::Following
            || place.is_none()
            || self.caught_up.is_some_and(|caught_up| caught_up >= reader.came)
    }
}

impl EventLog for ChangeLog {
    fn next(&self, place: Option<Place>, reader: StreamReader, cx: &Context<'_>) -> NextEvent {
        let mut state = self.state();
        match place.map(|place| state.ring.at(place)) {
            Some(At::Entry(Logged { at, entry: RingEntry::Event(event) })) => {
                return NextEvent::Event(event.clone(), *at);
            }
            Some(At::End) => {}
            Some(At::Entry(_) | At::Unknown) | None => {
                if let Some(outcome) = state.view.outcome.clone()
                    && state.current
                    && self.is_untouched(&state.view)
                    && state.has_caught_up_with(place, reader)
                    && !matches!(state.ring.at(state.place), At::Unknown)
                {
                    let spacing = state.view.latest.map_or(Duration::ZERO, |latest| latest.spacing);
                    let poll = self.poll_for.max(spacing);
                    let snapshot = Snapshot::new(state.view.known.clone(), outcome, poll, state.place);
                    state.wanted = None;
                    return NextEvent::Snapshot(Box::new(snapshot));
                }
                if state.source == EventSource::Following && state.wanted.is_none() {
                    state.wanted = Some(Instant::now());
                    self.called.notify_one();
                }
            }
        }
        self.waiting.add(reader, cx);
        NextEvent::Nothing
    }

    fn forget(&self, reader: StreamReader) {
        let mut state = self.state();
        if !self.waiting.remove(reader) {
            state.wanted = None;
        }
    }
}
