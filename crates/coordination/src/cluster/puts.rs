//! Answers on their way to the store.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::answer::{AnswerClaim, Kept, PutAnswer};
use crate::name::Question;

/// An answer that goes with the next reading of the feed, whoever has stopped waiting for that. Dropped, it is not given to
/// others.
#[derive(Debug)]
pub(super) struct WaitingPut {
    pub(super) question: Question,
    pub(super) claim: AnswerClaim,
    pub(super) answer: PutAnswer,
    /// When it came here: it ages while it waits.
    pub(super) since: Instant,
    pub(super) done: oneshot::Sender<Kept>,
}

/// All of a scope.
#[derive(Debug, Default)]
pub(super) struct Puts(Mutex<Vec<WaitingPut>>);

impl Puts {
    /// Tells, in the end, what became of it; an error if it was not given to the store.
    pub(super) fn push(&self, question: Question, claim: AnswerClaim, answer: PutAnswer) -> oneshot::Receiver<Kept> {
        let (done, receiver) = oneshot::channel();
        self.lock().push(WaitingPut { question, claim, answer, since: Instant::now(), done });
        receiver
    }

    pub(super) fn take(&self) -> Vec<WaitingPut> {
        std::mem::take(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<WaitingPut>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
