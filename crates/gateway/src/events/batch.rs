//! What an answer, or the failure to get one, brings to a log: computed first, written where it belongs, then applied.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use session_provider::{ProviderId, RoomId, Session, SessionId};
use tokio::time::Instant;

use crate::changes::Tick;
use crate::events::diff::{Change, diff_answers};
use crate::events::encode;
use crate::events::frame::EventKind;
use crate::events::snapshot::KnownSessions;
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::{ListAnswer, NewerThan, Polled};

/// What is known of a provider. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// `None` while the provider's sessions are unknown.
    pub(super) known: Option<Arc<KnownSessions>>,
    /// How the provider fares; `None` before it was first asked.
    pub(super) outcome: Option<Arc<ProviderOutcome>>,
    /// The answer that was taken last; older ones say nothing new.
    pub(super) latest: Option<Latest>,
}

/// The times of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Latest {
    pub(super) began: Tick,
    /// The number of its load among all replicas, if they know of it.
    pub(super) number: Option<u64>,
    pub(super) answered: Instant,
    pub(super) spacing: Duration,
}

/// What comes to a log.
#[derive(Debug)]
pub(super) enum Brought {
    /// Somebody's read has brought it.
    Answer(ListAnswer),
    /// What a poll has led to, which began when `before` was the latest answer.
    Poll { polled: Polled, before: Option<Tick> },
}

/// What is to be told, and what is known after that.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) entries: Vec<NewEntry>,
    /// What the answer has shown of rooms, for whoever may have asked earlier.
    pub(super) seen: Vec<SeenRoom>,
    pub(super) view: View,
}

/// An entry of a log that is not numbered yet.
#[derive(Debug)]
pub(super) enum NewEntry {
    Event {
        kind: EventKind,
        event: Bytes,
        /// What it is about; nothing, where it is about no room.
        about: Option<SeenRoom>,
    },
    /// What was known before says nothing of what is known now.
    Anew,
}

/// A room under all of its names, and its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenRoom {
    pub(super) rooms: Vec<RoomId>,
    pub(super) session: Option<SessionId>,
}

impl Latest {
    fn of(answer: &ListAnswer) -> Self {
        let (began, number) = (answer.began(), answer.number());
        Self { began, number, answered: answer.answered(), spacing: answer.spacing() }
    }

    /// Which answers are newer.
    pub(super) fn newer(self) -> NewerThan {
        NewerThan { load: Some(self.began), shared_load: self.number }
    }

    /// Among replicas the numbers of loads tell the order; the ticks are those of this process.
    fn is_older_than(self, answer: &ListAnswer) -> bool {
        match (self.number, answer.number()) {
            (Some(number), Some(of_answer)) => number < of_answer,
            _ => self.began < answer.began(),
        }
    }
}

impl View {
    fn is_older_than(&self, answer: &ListAnswer) -> bool {
        self.latest.is_none_or(|latest| latest.is_older_than(answer))
    }
}

impl Batch {
    /// What is brought to a log of which `before` is known. `is_new` says that nothing was written to it yet. `None` for
    /// what says nothing new.
    pub(super) fn of(provider: &ProviderId, before: &View, is_new: bool, brought: Brought) -> Option<Self> {
        let mut batch = Self { entries: Vec::new(), seen: Vec::new(), view: before.clone() };
        match brought {
            Brought::Answer(answer) => {
                if !before.is_older_than(&answer) {
                    return None;
                }
                let outcome = ProviderOutcome {
                    provider: provider.to_string(),
                    status: ProviderOutcomeStatus::Ok,
                    session_count: Some(answer.sessions().len() as u64),
                    fetched_at: Some(answer.fetched_at()),
                    problem: None,
                };
                batch.fares(outcome);
                batch.take(provider, is_new, answer);
            }
            Brought::Poll { polled, before: began_after } => {
                let is_overtaken = before.latest.map(|latest| latest.began) != began_after;
                let Polled { outcome, answer } = polled;
                if outcome.status == ProviderOutcomeStatus::Ok {
                    if let Some(answer) = answer.filter(|answer| before.is_older_than(answer)) {
                        batch.fares(outcome);
                        batch.take(provider, is_new, answer);
                    } else if !is_overtaken {
                        batch.fares(outcome);
                    } else {
                        return None;
                    }
                } else if is_overtaken {
                    return None;
                } else {
                    let failed = outcome.status == ProviderOutcomeStatus::Failed;
                    batch.fares(outcome);
                    if failed {
                        batch.view.known = None;
                    } else if let Some(answer) = answer.filter(|_| before.known.is_none()) {
                        batch.take(provider, is_new, answer);
                    }
                }
            }
        }
        Some(batch)
    }

    /// Notes how the provider fares, and tells if that is another way than before.
    fn fares(&mut self, outcome: ProviderOutcome) {
        let outcome = Arc::new(outcome);
        let before = self.view.outcome.replace(Arc::clone(&outcome));
        if before.is_some_and(|before| before.status != outcome.status) {
            let event = encode::provider_changed(&outcome);
            self.entries.push(NewEntry::Event { kind: EventKind::ProviderChanged, event, about: None });
        }
    }

    /// Tells what an answer changes, and knows it from now on.
    fn take(&mut self, provider: &ProviderId, is_new: bool, answer: ListAnswer) {
        self.view.latest = Some(Latest::of(&answer));
        let Some(known) = self.view.known.take() else {
            // Who waits for a first snapshot gets it; who was told that the provider failed gets one, too.
            if !is_new || !self.entries.is_empty() {
                self.entries.push(NewEntry::Anew);
            }
            self.view.known = Some(Arc::new(KnownSessions { answer, missing: Vec::new() }));
            return;
        };
        let diff = diff_answers(&known.answer, &known.missing, &answer);
        for change in &diff.changes {
            let session = match change {
                Change::Started(_, session) | Change::Ended(session, _) | Change::Updated { now: session, .. } => {
                    session
                }
            };
            let seen = SeenRoom::of(session);
            if let Some((kind, event)) = encode::change(provider, change, &answer) {
                self.entries.push(NewEntry::Event { kind, event, about: Some(seen.clone()) });
            }
            self.seen.push(seen);
        }
        let missing = diff.missing;
        self.view.known = Some(Arc::new(KnownSessions { answer, missing }));
    }
}

impl SeenRoom {
    fn of(session: &Session) -> Self {
        let rooms = std::iter::once(&session.room_id).chain(&session.aliases).cloned().collect();
        Self { rooms, session: session.session_id.clone() }
    }
}
