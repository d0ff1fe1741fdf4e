//! Where changes are published.

use std::sync::Arc;

use session_provider::ProviderId;
use tokio::sync::broadcast;

use crate::changes::cause::RoomChange;
use crate::changes::marks::Marks;
use crate::changes::subject::Subject;
use crate::changes::tick::{Tick, Ticks};

/// Changes that a listener may be behind; one that falls further back is told that it has missed some.
const KEPT_FOR_LISTENERS: usize = 1024;

/// The port. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Changes(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ticks: Ticks,
    marks: Marks,
    listeners: broadcast::Sender<Arc<RoomChange>>,
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
        let (listeners, _) = broadcast::channel(KEPT_FOR_LISTENERS);
        Self(Arc::new(Inner { ticks: Ticks::default(), marks: Marks::of(providers), listeners }))
    }

    /// A tick for what begins now.
    #[must_use]
    pub fn tick(&self) -> Tick {
        self.0.ticks.next()
    }

    /// Publishes a change that is over. When this returns, nothing fetched before the change is served any more; who
    /// listens is told after that.
    pub fn publish(&self, change: RoomChange) {
        self.0.marks.set(self.tick(), &change.provider, &change.room, change.session.as_ref());
        // An error says that nobody listens.
        let _ = self.0.listeners.send(Arc::new(change));
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

    /// Whether nothing at all has changed at the provider since `began`: costs one atomic read.
    #[must_use]
    pub fn is_quiet_since(&self, began: Tick, provider: &ProviderId) -> bool {
        self.0.marks.latest(provider) < Some(began)
    }

    /// Whether what is known since `began` about the subject still holds.
    #[must_use]
    pub fn leave_untouched(&self, began: Tick, provider: &ProviderId, subject: &Subject<'_>) -> bool {
        self.0.marks.latest_touching(provider, subject) < Some(began)
    }
}

#[cfg(test)]
mod tests {
    use session_provider::{Operation, RoomId};

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
}
