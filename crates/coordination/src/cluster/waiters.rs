//! Who waits for another replica's load.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::name::Question;

/// By question. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiters(Arc<Mutex<HashMap<String, Vec<oneshot::Sender<()>>>>>);

impl Waiters {
    /// Waits from now on, until dropped.
    pub(super) fn wait_for(&self, question: Question) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut waiters = self.lock();
        let of_question = waiters.entry(question.0.to_string()).or_default();
        of_question.retain(|sender| !sender.is_closed());
        of_question.push(sender);
        receiver
    }

    /// The load of the question of that name has ended.
    pub(super) fn ended(&self, question: &str) {
        drop(self.lock().remove(question));
    }

    /// It is not known any more which loads have ended.
    pub(super) fn all_ended(&self) {
        self.lock().clear();
    }

    /// Forgets those who wait no more.
    pub(super) fn prune(&self) {
        self.lock().retain(|_, of_question| {
            of_question.retain(|sender| !sender.is_closed());
            !of_question.is_empty()
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<oneshot::Sender<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
