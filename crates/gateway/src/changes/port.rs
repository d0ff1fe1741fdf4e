//! Where changes and hints are published.

use std::sync::{Arc, OnceLock};

use ahash::HashMap;
use session_provider::{ProviderId, RoomId, SessionId};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use crate::changes::cause::RoomChange;
use crate::changes::hint::{Hint, HintMark, LAG};
use crate::changes::marks::Marks;
use crate::changes::since::Since;
use crate::changes::subject::Subject;
use crate::changes::tick::{LatestTick, Tick, Ticks};
use crate::changes::told::OtherReplicas;

/// Changes, and hints, that a listener may be behind; one that falls further back is told that it has missed some.
const KEPT_FOR_LISTENERS: usize = 1024;

/// The port. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Changes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ticks: Ticks,
    /// The latest change or hint of anything at each provider.
    latest: HashMap<ProviderId, LatestTick>,
    changes: Marks,
    hints: Marks<HintMark>,
    listeners: broadcast::Sender<Arc<RoomChange>>,
    hint_listeners: broadcast::Sender<Arc<Hint>>,
    /// What another replica has seen of each provider's lists.
    lists: HashMap<ProviderId, ListsElsewhere>,
    others: OnceLock<Arc<dyn OtherReplicas>>,
}

/// What other replicas have had of a provider's list.
#[derive(Debug, Default)]
struct ListsElsewhere {
    /// Of what was asked for earlier about the whole provider another replica has seen more since.
    seen: LatestTick,
    /// Told of each new answer.
    answered: watch::Sender<()>,
}

/// A change under way, published when it is dropped.
#[derive(Debug)]
pub struct UnderWay {
    changes: Changes,
    change: Option<RoomChange>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(change) = self.change.take() {
            self.changes.publish(change);
        }
    }
}

impl Changes {
    /// No change yet at these providers.
    pub fn new(providers: impl IntoIterator<Item = ProviderId>) -> Self {
        let providers: Vec<_> = providers.into_iter().collect();
        Self(Arc::new(Inner {
            ticks: Ticks::default(),
            latest: providers.iter().map(|provider| (provider.clone(), LatestTick::default())).collect(),
            changes: Marks::of(providers.iter().cloned()),
            lists: providers.iter().map(|provider| (provider.clone(), ListsElsewhere::default())).collect(),
            hints: Marks::of(providers),
            listeners: broadcast::Sender::new(KEPT_FOR_LISTENERS),
            hint_listeners: broadcast::Sender::new(KEPT_FOR_LISTENERS),
            others: OnceLock::new(),
        }))
    }

    /// A tick for what begins now.
    #[must_use]
    pub fn tick(&self) -> Tick {
        self.0.ticks.next()
    }

    /// Publishes a change that is over. When this returns, nothing fetched before the change is served any more; who
    /// listens is told after that.
    pub fn publish(&self, change: RoomChange) {
        if let Some(others) = self.0.others.get() {
            others.tell(&change);
        }
        self.heard(change);
    }

    /// The same of a change that other replicas know of.
    pub(crate) fn heard(&self, change: RoomChange) {
        let at = self.tick();
        self.0.changes.set(at, &change.provider, [&change.room], change.session.as_ref());
        self.raise(at, &change.provider);
        // An error says that nobody listens.
        let _ = self.0.listeners.send(Arc::new(change));
    }

    /// Publishes a hint that came just now. When this returns, nothing fetched before it counts as fresh any more; who
    /// listens is told after that.
    pub fn hint(&self, hint: Hint) {
        if let Some(others) = self.0.others.get() {
            others.tell_hint(&hint);
        }
        self.heard_hint(hint);
    }

    /// The same of a hint that other replicas know of.
    pub(crate) fn heard_hint(&self, hint: Hint) {
        let mark = HintMark { tick: self.tick(), at: Instant::now() };
        self.0.hints.set(mark, &hint.provider, &hint.rooms, hint.session.as_ref());
        self.raise(mark.tick, &hint.provider);
        // An error says that nobody listens.
        let _ = self.0.hint_listeners.send(Arc::new(hint));
    }

    /// Anything may have changed at the provider: nothing that was fetched before is served any more.
    pub(crate) fn everything_changed(&self, provider: &ProviderId) {
        let at = self.tick();
        self.0.changes.set_all(at, provider);
        self.raise(at, provider);
        let anywhere = Hint { provider: provider.clone(), rooms: Vec::new(), session: None };
        // An error says that nobody listens.
        let _ = self.0.hint_listeners.send(Arc::new(anywhere));
    }

    /// Has other replicas told from now on. The first who asks is the one.
    pub(crate) fn tell_others(&self, others: Arc<dyn OtherReplicas>) {
        // An error says that somebody tells them already.
        let _ = self.0.others.set(others);
    }

    /// Notes what an answer that was asked for at `began` has shown of rooms: what was asked for earlier about them is not
    /// served any more when this returns, what was asked for later is. Answers about the whole provider stay as they are.
    pub fn seen<'a>(
        &self,
        began: Tick,
        provider: &ProviderId,
        rooms: impl IntoIterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
    ) {
        let rooms: Vec<RoomId> = rooms.into_iter().cloned().collect();
        self.seen_in_list(began, provider, std::iter::once((&*rooms, session)));
    }

    /// The same of many rooms, each under its names and with its session.
    pub(crate) fn seen_in_list<'a>(
        &self,
        began: Tick,
        provider: &ProviderId,
        seen: impl Iterator<Item = (&'a [RoomId], Option<&'a SessionId>)> + Clone,
    ) {
        let Some(before) = began.before().filter(|_| seen.clone().next().is_some()) else { return };
        for (rooms, session) in seen.clone() {
            self.0.changes.set_rooms(before, provider, rooms, session);
        }
        self.raise(before, provider);
        if let Some(others) = self.0.others.get() {
            let rooms: Vec<_> = seen.clone().flat_map(|(rooms, _)| rooms).collect();
            let sessions: Vec<_> = seen.filter_map(|(_, session)| session).collect();
            others.outdate(provider, &rooms, &sessions);
        }
    }

    /// Notes what another replica's list has shown of rooms: neither about them nor about the whole provider is anything
    /// served any more that was asked for before this returns.
    pub(crate) fn seen_elsewhere<'a>(
        &self,
        provider: &ProviderId,
        rooms: impl IntoIterator<Item = &'a RoomId>,
        session: Option<&SessionId>,
    ) {
        let at = self.tick();
        self.0.changes.set_rooms(at, provider, rooms, session);
        if let Some(lists) = self.0.lists.get(provider) {
            lists.seen.raise(at);
        }
        self.raise(at, provider);
    }

    /// Has other replicas told that a new answer has come to the provider's list.
    pub(crate) fn tell_answer(&self, provider: &ProviderId) {
        if let Some(others) = self.0.others.get() {
            others.tell_answer(provider);
        }
    }

    /// A new answer has come to the provider's list at another replica.
    pub(crate) fn heard_answer(&self, provider: &ProviderId) {
        if let Some(lists) = self.0.lists.get(provider) {
            lists.answered.send_replace(());
        }
    }

    /// Every new answer to the provider's list that came at another replica; `None` for an unknown provider.
    pub(crate) fn subscribe_to_answers(&self, provider: &ProviderId) -> Option<watch::Receiver<()>> {
        self.0.lists.get(provider).map(|lists| lists.answered.subscribe())
    }

    /// Comes after the marks, so that whoever sees it finds them.
    fn raise(&self, at: Tick, provider: &ProviderId) {
        if let Some(latest) = self.0.latest.get(provider) {
            latest.raise(at);
        }
    }

    /// Publishes a change that begins now and is over when what is returned is dropped, however that comes about.
    #[must_use]
    pub fn publish_at_the_end(&self, change: RoomChange) -> UnderWay {
        UnderWay { changes: self.clone(), change: Some(change) }
    }

    /// Every change that is published from now on, at most [`KEPT_FOR_LISTENERS`] behind.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<RoomChange>> {
        self.0.listeners.subscribe()
    }

    /// Every hint that is published from now on, at most [`KEPT_FOR_LISTENERS`] behind. One that falls further back has
    /// missed some: it should look everywhere.
    #[must_use]
    pub fn subscribe_to_hints(&self) -> broadcast::Receiver<Arc<Hint>> {
        self.0.hint_listeners.subscribe()
    }

    /// Whether no change and no hint at all has come of the provider since `began`: costs one atomic read.
    #[must_use]
    pub fn is_quiet_since(&self, began: Tick, provider: &ProviderId) -> bool {
        self.0.latest.get(provider).and_then(LatestTick::get) < Some(began)
    }

    /// Whether what is known since `began` about the subject still holds: no change has touched it, though a hint may have.
    #[must_use]
    pub fn leave_untouched(&self, began: Tick, provider: &ProviderId, subject: &Subject<'_>) -> bool {
        let seen = match subject {
            Subject::Provider | Subject::Session(_) => self.0.lists.get(provider).and_then(|lists| lists.seen.get()),
            Subject::AnyRoom | Subject::Rooms { .. } => None,
        };
        self.0.changes.latest_touching(provider, subject).max(seen) < Some(began)
    }

    /// Whether nothing at the provider was changed since `began`, whatever was seen of it.
    #[must_use]
    pub(crate) fn is_unchanged_since(&self, began: Tick, provider: &ProviderId) -> bool {
        self.0.changes.latest_touching(provider, &Subject::Provider) < Some(began)
    }

    /// What has happened since `began` to the subject, which is asked for only if anything has at the provider.
    #[must_use]
    pub fn since<'a>(&self, began: Tick, provider: &ProviderId, subject: impl FnOnce() -> Subject<'a>) -> Since {
        if self.is_quiet_since(began, provider) {
            return Since::Nothing;
        }
        let subject = subject();
        if !self.leave_untouched(began, provider, &subject) {
            return Since::Changed;
        }
        let hint = self.0.hints.latest_touching(provider, &subject).filter(|hint| hint.tick > began);
        hint.map_or(Since::Nothing, |hint| Since::Hinted(hint.at))
    }

    /// Until when the provider's API may lag behind the latest hint about the subject, if there was one.
    #[must_use]
    pub(crate) fn lags_until(&self, provider: &ProviderId, subject: &Subject<'_>) -> Option<Instant> {
        self.0.hints.latest_touching(provider, subject).map(|hint| hint.at + LAG)
    }
}

#[cfg(test)]
mod tests {
    use session_provider::Operation;

    use super::*;
    use crate::changes::Cause;

    fn kick(provider: &ProviderId, room: &str) -> RoomChange {
        let cause = Cause::Mutation(Operation::KickParticipants);
        RoomChange { provider: provider.clone(), room: RoomId::new(room).unwrap(), session: None, cause }
    }

    #[tokio::test]
    async fn a_change_is_marked_before_those_who_listen_hear_of_it() {
        let provider = ProviderId::new("p").unwrap();
        let changes = Changes::new([provider.clone()]);
        let mut listener = changes.subscribe();
        let before = changes.tick();
        changes.publish(kick(&provider, "r"));
        let heard = listener.recv().await.unwrap();
        assert_eq!(*heard, kick(&provider, "r"));
        let (of_room, of_other) = (["r"], ["q"]);
        let subject = |rooms: &[&'static str; 1]| Subject::Rooms { rooms: rooms.to_vec(), session: None };
        assert!(!changes.is_quiet_since(before, &provider));
        assert!(!changes.leave_untouched(before, &provider, &subject(&of_room)));
        assert!(changes.leave_untouched(before, &provider, &subject(&of_other)));
        assert!(changes.leave_untouched(changes.tick(), &provider, &subject(&of_room)));

        let under_way = changes.publish_at_the_end(kick(&provider, "q"));
        let meanwhile = changes.tick();
        drop(under_way);
        assert!(!changes.leave_untouched(meanwhile, &provider, &subject(&of_other)));
    }

    #[test]
    fn what_was_seen_outdates_what_was_asked_for_earlier_about_the_room_alone() {
        let provider = ProviderId::new("p").unwrap();
        let changes = Changes::new([provider.clone()]);
        let (earlier, list, later) = (changes.tick(), changes.tick(), changes.tick());
        let room = RoomId::new("r").unwrap();
        changes.seen(list, &provider, [&room], None);
        let untouched = |began, room: &'static str| {
            changes.leave_untouched(began, &provider, &Subject::Rooms { rooms: vec![room], session: None })
        };
        assert!(!untouched(earlier, "r") && untouched(list, "r") && untouched(later, "r"));
        assert!(untouched(earlier, "other"));
        assert!(changes.leave_untouched(earlier, &provider, &Subject::Provider), "the list stays");
        assert!(!changes.is_quiet_since(earlier, &provider) && changes.is_quiet_since(list, &provider));
    }

    #[tokio::test(start_paused = true)]
    async fn a_hint_takes_freshness_and_forbids_nothing() {
        let provider = ProviderId::new("p").unwrap();
        let changes = Changes::new([provider.clone()]);
        let mut listener = changes.subscribe_to_hints();
        let since = |began, room: &'static str| {
            changes.since(began, &provider, || Subject::Rooms { rooms: vec![room], session: None })
        };
        let before = changes.tick();
        assert_eq!(since(before, "r"), Since::Nothing);
        let rooms = vec![RoomId::new("r").unwrap(), RoomId::new("also-r").unwrap()];
        let hint = Hint { provider: provider.clone(), rooms, session: None };
        let came = Instant::now();
        changes.hint(hint.clone());
        assert_eq!(*listener.recv().await.unwrap(), hint);
        tokio::time::advance(LAG / 2).await;
        let after = changes.tick();
        for room in ["r", "also-r"] {
            assert_eq!(since(before, room), Since::Hinted(came));
            assert_eq!(since(after, room), Since::Nothing);
        }
        assert_eq!(since(before, "other"), Since::Nothing);
        assert_eq!(
            changes.since(before, &provider, || Subject::Provider),
            Since::Hinted(came),
            "the list and the like"
        );
        assert!(!changes.is_quiet_since(before, &provider) && changes.is_quiet_since(after, &provider));
        assert_eq!(changes.lags_until(&provider, &Subject::Provider), Some(came + LAG));
        let other = ["other"];
        let other = Subject::Rooms { rooms: other.to_vec(), session: None };
        assert_eq!(changes.lags_until(&provider, &other), None);

        changes.publish(kick(&provider, "r"));
        assert_eq!(since(before, "r"), Since::Changed, "a change outweighs a hint");
        assert_eq!(since(before, "also-r"), Since::Hinted(came));

        changes.hint(Hint { provider: provider.clone(), rooms: vec![], session: None });
        assert_eq!(since(after, "also-r"), Since::Nothing, "what names no room is about the provider alone");
        assert_ne!(changes.since(after, &provider, || Subject::Provider), Since::Nothing);
    }
}
