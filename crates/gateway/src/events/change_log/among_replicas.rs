//! What the keeper of a log does with it where there are other replicas.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::events::batch::View;
use crate::events::change_log::{ChangeLog, EventSource};
use crate::events::place::Place;
use crate::events::ring::{At, RingEntry};
use crate::problem::{ProviderOutcome, ProviderOutcomeStatus};
use crate::reads::ListAnswer;

impl ChangeLog {
    /// From now on the events come from here alone: nobody's place of before is known any more.
    pub(in crate::events) fn begin_here(&self) {
        let mut state = self.state();
        if state.place != state.ring.next() {
            state.view = View::default();
        }
        state.source = EventSource::Here;
        state.queue.clear();
        state.begin(rand::random());
        self.tell(state);
    }

    /// From now on they come from the log of all replicas. What is known here may be old.
    pub(in crate::events) fn begin_following(&self) {
        let mut state = self.state();
        state.source = EventSource::Following;
        (state.view, state.current, state.caught_up, state.wanted) = (View::default(), false, None, None);
        state.queue.clear();
        self.tell(state);
    }

    /// This replica writes the log of all replicas from now on, and goes on from what is known, if it can; else the log
    /// begins anew.
    pub(in crate::events) fn begin_leading(&self) {
        let mut state = self.state();
        state.source = EventSource::Leading;
        if state.view.outcome.is_none() || state.place != state.ring.next() {
            (state.view, state.current) = (View::default(), false);
            state.begin(rand::random());
        }
    }

    /// This replica does not write the log any more. What it knows may be old soon.
    pub(in crate::events) fn end_leading(&self) {
        let mut state = self.state();
        state.source = EventSource::Following;
        state.queue.clear();
    }

    /// Begins anew: everybody gets a snapshot of what is written next.
    pub(in crate::events) fn begin_anew(&self) {
        let mut state = self.state();
        state.current = false;
        state.begin(rand::random());
    }

    /// The place of the next event.
    pub(in crate::events) fn end(&self) -> Place {
        self.state().ring.next()
    }

    /// What is known at the end.
    pub(in crate::events) fn view_at_end(&self) -> Option<View> {
        let state = self.state();
        (state.view.outcome.is_some() && state.place == state.ring.next()).then(|| state.view.clone())
    }

    /// An entry that another replica has written, which stands at this place. What cannot follow what is there begins
    /// anew.
    pub(in crate::events) fn follow(&self, at: Place, entry: RingEntry) {
        let mut state = self.state();
        state.reach(at);
        if matches!(entry, RingEntry::Anew) {
            (state.view, state.since) = (View::default(), at.number + 1);
        }
        state.ring.push(entry);
    }

    /// The other replica stands at this place with all it knows. `is_live` says that it was written just now.
    pub(in crate::events) fn stands_at(
        &self,
        at: Place,
        outcome: Arc<ProviderOutcome>,
        spacing: Duration,
        is_live: bool,
    ) {
        let mut state = self.state();
        state.reach(at);
        if outcome.status == ProviderOutcomeStatus::Failed {
            let latest = state.view.latest;
            (state.view, state.place) = (View { known: None, outcome: Some(outcome), latest }, at);
        } else if state.place == at && state.view.known.is_some() {
            state.view.outcome = Some(outcome);
        }
        if is_live && let Some(latest) = &mut state.view.latest {
            (latest.answered, latest.spacing) = (Instant::now(), spacing);
        }
        state.current |= is_live && state.view.outcome.is_some();
    }

    /// All that was in the log of all replicas at this moment was taken.
    pub(in crate::events) fn caught_up(&self, at: Instant) {
        let mut state = self.state();
        state.caught_up = Some(at);
        self.tell(state);
    }

    /// Takes what another replica knew when it stood at this place, if that is in the log still. `is_new` says that it was
    /// known lately.
    pub(in crate::events) fn knows(&self, at: Place, view: View, is_new: bool) {
        let mut state = self.state();
        if matches!(state.ring.at(at), At::Unknown) || at.number < state.since {
            return;
        }
        (state.view, state.place, state.wanted) = (view, at, None);
        state.current |= is_new;
        self.tell(state);
    }

    /// Since when what is known is not enough: for a reader who waits for a snapshot, or for rooms that are followed.
    pub(in crate::events) fn wants_to_know(&self) -> bool {
        let state = self.state();
        let for_rooms = self.watched.receiver_count() > 0 && state.place != state.ring.next();
        state.wanted.is_some() || for_rooms
    }

    /// For how long a reader has waited for a snapshot.
    pub(in crate::events) fn wanted_for(&self) -> Duration {
        self.state().wanted.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The next answer that is to be written.
    pub(in crate::events) async fn queued(&self) -> ListAnswer {
        loop {
            if let Some(answer) = self.state().queue.pop_front() {
                return answer;
            }
            self.called.notified().await;
        }
    }

    /// Resolves when a reader waits for a snapshot.
    pub(in crate::events) async fn called(&self) {
        self.called.notified().await;
    }
}
