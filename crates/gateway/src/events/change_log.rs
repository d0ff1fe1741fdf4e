//! What happens to one provider's live sessions: one log for all who follow them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Context;
use std::time::Duration;

use bytes::Bytes;
use session_provider::ProviderId;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::changes::{Changes, Subject, Tick};
use crate::config::EventsConfig;
use crate::events::diff::{Change, diff};
use crate::events::encode;
use crate::events::event_log::{Audience, EventLog, NextEvent, WaitingReaders};
use crate::events::frame::EventKind;
use crate::events::ring::{At, Keep, Logged, Ring, RingEntry};
use crate::events::snapshot::{KnownSessions, Snapshot};
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::{ListAnswer, Polled};
use crate::telemetry::metrics as names;

/// The most bytes of events that are kept for a provider.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The log. Shared by those who feed it, the poller and the streams.
#[derive(Debug)]
pub(super) struct ChangeLog {
    provider: ProviderId,
    changes: Changes,
    poll_for: Duration,
    audience: Arc<Audience>,
    watched: watch::Sender<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` while the provider's sessions are unknown.
    known: Option<Arc<KnownSessions>>,
    /// How the provider fares; `None` before it was first asked.
    outcome: Option<Arc<ProviderOutcome>>,
    /// The answer that was taken last; older ones say nothing new.
    latest: Option<Latest>,
    /// Whether it is polled: else what is known may be old, and no snapshot is made of it.
    current: bool,
    ring: Ring,
    waiting: WaitingReaders,
}

/// The times of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Latest {
    pub(super) began: Tick,
    pub(super) answered: Instant,
    pub(super) spacing: Duration,
}

/// What is known at a moment.
#[derive(Debug)]
pub(super) struct ProviderView {
    pub(super) known: Option<Arc<KnownSessions>>,
    /// `None` before the provider was first asked.
    pub(super) outcome: Option<Arc<ProviderOutcome>>,
}

impl ChangeLog {
    pub(super) fn new(provider: ProviderId, changes: Changes, config: &EventsConfig) -> Self {
        let state = State {
            known: None,
            outcome: None,
            latest: None,
            current: false,
            ring: Ring::new(Keep::new(config, MAX_BYTES)),
            waiting: WaitingReaders::default(),
        };
        Self {
            provider,
            changes,
            poll_for: config.poll_for,
            audience: Arc::default(),
            watched: watch::Sender::new(()),
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
        let outcome = state.outcome.clone().filter(|_| state.current);
        ProviderView { known: state.known.clone().filter(|_| outcome.is_some()), outcome }
    }

    /// The latest answer that was taken.
    pub(super) fn latest(&self) -> Option<Latest> {
        self.state().latest
    }

    /// Says whether it is polled.
    pub(super) fn set_current(&self, current: bool) {
        let mut state = self.state();
        // Before anything is known there is nothing that is current.
        state.current = current && state.outcome.is_some();
        self.tell(state);
    }

    /// Takes an answer, unless a later one was taken already.
    pub(super) fn answered(&self, answer: ListAnswer) {
        let mut state = self.state();
        if state.latest.is_some_and(|latest| latest.began >= answer.began()) {
            return;
        }
        let outcome = ProviderOutcome {
            provider: self.provider.to_string(),
            status: ProviderOutcomeStatus::Ok,
            session_count: Some(answer.sessions().len() as u64),
            fetched_at: Some(answer.fetched_at()),
            problem: None,
        };
        self.fares(&mut state, outcome);
        self.take(&mut state, answer);
        self.tell(state);
    }

    /// Takes what a poll has led to, which began when `before` was the latest answer.
    pub(super) fn polled(&self, polled: Polled, before: Option<Tick>) {
        let mut state = self.state();
        let is_overtaken = state.latest.map(|latest| latest.began) != before;
        let Polled { outcome, answer } = polled;
        if outcome.status == ProviderOutcomeStatus::Ok {
            if let Some(answer) = answer.filter(|answer| state.latest.is_none_or(|known| known.began < answer.began()))
            {
                self.fares(&mut state, outcome);
                self.take(&mut state, answer);
            } else if !is_overtaken {
                self.fares(&mut state, outcome);
            }
        } else if !is_overtaken {
            let failed = outcome.status == ProviderOutcomeStatus::Failed;
            self.fares(&mut state, outcome);
            if failed {
                state.known = None;
            } else if let Some(answer) = answer.filter(|_| state.known.is_none()) {
                self.take(&mut state, answer);
            }
        }
        state.current = true;
        self.tell(state);
    }

    /// Notes how the provider fares, and tells if that is another way than before.
    fn fares(&self, state: &mut State, outcome: ProviderOutcome) {
        let outcome = Arc::new(outcome);
        let before = state.outcome.replace(Arc::clone(&outcome));
        if before.is_some_and(|before| before.status != outcome.status) {
            self.push(state, EventKind::ProviderChanged, encode::provider_changed(&outcome));
        }
    }

    /// Tells what an answer changes, and knows it from now on.
    fn take(&self, state: &mut State, answer: ListAnswer) {
        state.latest = Some(Latest { began: answer.began(), answered: answer.answered(), spacing: answer.spacing() });
        let Some(known) = state.known.take() else {
            // Who waits for a first snapshot gets it; who was told that the provider failed gets one, too.
            if state.ring.next() > 0 {
                state.ring.push(RingEntry::Anew);
            }
            state.known = Some(Arc::new(KnownSessions { answer, missing: Vec::new() }));
            return;
        };
        let diff = diff(known.answer.sessions(), &known.missing, answer.sessions(), answer.is_settled());
        for change in &diff.changes {
            // Before anybody can read the event.
            let session = match change {
                Change::Started(_, session) | Change::Ended(session, _) | Change::Updated { now: session, .. } => {
                    session
                }
            };
            let rooms = std::iter::once(&session.room_id).chain(&session.aliases);
            self.changes.seen(answer.began(), &self.provider, rooms, session.session_id.as_ref());
        }
        let events: Vec<_> =
            diff.changes.iter().filter_map(|change| encode::change(&self.provider, change, &answer)).collect();
        for (kind, event) in events {
            self.push(state, kind, event);
        }
        let missing = diff.missing;
        state.known = Some(Arc::new(KnownSessions { answer, missing }));
    }

    fn push(&self, state: &mut State, kind: EventKind, event: Bytes) {
        metrics::counter!(names::EVENTS, "provider" => self.provider.to_string(), "event" => kind.as_str())
            .increment(1);
        state.ring.push(RingEntry::Event(event));
    }

    fn tell(&self, mut state: MutexGuard<'_, State>) {
        state.waiting.wake();
        drop(state);
        self.watched.send_replace(());
    }

    /// Whether we have changed nothing at the provider since what is known was asked for: then it may be told to one who
    /// comes now.
    fn is_untouched(&self, state: &State) -> bool {
        let began = state.latest.filter(|_| state.known.is_some()).map(|latest| latest.began);
        began.is_none_or(|began| self.changes.leave_untouched(began, &self.provider, &Subject::Provider))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventLog for ChangeLog {
    fn next(&self, place: Option<u64>, reader: u64, cx: &Context<'_>) -> NextEvent {
        let mut state = self.state();
        match place.map(|place| state.ring.at(place)) {
            Some(At::Entry(Logged { at, entry: RingEntry::Event(event) })) => {
                return NextEvent::Event(event.clone(), *at);
            }
            Some(At::End) => {}
            Some(At::Entry(_) | At::Unknown) | None => {
                if let Some(outcome) = state.outcome.clone().filter(|_| state.current && self.is_untouched(&state)) {
                    let spacing = state.latest.map_or(Duration::ZERO, |latest| latest.spacing);
                    let poll = self.poll_for.max(spacing);
                    let snapshot = Snapshot::new(state.known.clone(), outcome, poll, state.ring.next());
                    return NextEvent::Snapshot(Box::new(snapshot));
                }
            }
        }
        state.waiting.add(reader, cx);
        NextEvent::Nothing
    }

    fn forget(&self, reader: u64) {
        self.state().waiting.remove(reader);
    }
}
