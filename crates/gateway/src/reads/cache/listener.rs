//! Whoever wants to hear of every answer, whoever asked for it.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use session_provider::{Operation, ProviderId, RoomId};

use crate::reads::cache::entry::{Entry, Held};
use crate::reads::cache::key::{Key, Target};
use crate::reads::cache::{Answer, Question};

/// Hears of every answer that no change has outdated, in no particular order.
pub(crate) trait AnswerListener: Debug + Send + Sync {
    /// Called in the task of the load.
    fn answered(&self, answer: &NewAnswer<'_>);
}

/// An answer that came just now.
#[derive(Debug)]
pub(crate) struct NewAnswer<'a> {
    pub(crate) provider: &'a ProviderId,
    operation: Operation,
    target: &'a Target,
    held: Arc<dyn Any + Send + Sync>,
}

impl<'a> NewAnswer<'a> {
    pub(super) fn new<A: Answer>(key: &'a Key, held: Held<A>) -> Self {
        Self { provider: &key.provider, operation: key.operation, target: &key.target, held: held.erase() }
    }

    /// The room that was asked about, if it was one.
    pub(crate) fn room(&self) -> Option<&'a RoomId> {
        if let Target::Room(room) = self.target { Some(room) } else { None }
    }

    /// What is kept of it, if it answers a question of this type: `None` for the word that nothing is live.
    pub(crate) fn to<Q: Question>(&self) -> Option<Option<Arc<Entry<Q::Answer>>>> {
        if self.operation != Q::OPERATION {
            return None;
        }
        match Held::restore(Arc::clone(&self.held))? {
            Held::Answer(entry) => Some(Some(entry)),
            Held::NotLive(_) => Some(None),
        }
    }
}
