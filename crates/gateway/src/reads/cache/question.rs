//! What may be asked through the cache.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;
use session_provider::{CallContext, Operation, Result, SessionProvider, Timestamp};

use crate::changes::Subject;
use crate::reads::cache::Target;

/// A question to a provider, and the type that answers it.
pub(crate) trait Question: Clone + Send + Sync + 'static {
    /// The provider's operation that answers it. No two types of question have the same.
    const OPERATION: Operation;

    /// Whether "nothing is live here" is an answer to it, to be kept for a moment.
    const NOT_LIVE_IS_AN_ANSWER: bool = false;

    /// What the provider gives.
    type Given: Send + Serialize + DeserializeOwned;

    /// What is kept of it.
    type Answer: Answer;

    /// What it is asked about.
    fn target(&self) -> Target;

    fn ask(
        &self,
        provider: &dyn SessionProvider,
        call: &CallContext,
    ) -> impl Future<Output = Result<Self::Given>> + Send;

    /// Makes of it what all its readers need. Runs once, in the load, whose answer came at `fetched_at`. `before` is what is
    /// kept now under the question's key: much of it may be the same.
    fn keep(
        provider: &dyn SessionProvider,
        given: Self::Given,
        fetched_at: Timestamp,
        before: Option<&Self::Answer>,
    ) -> impl Future<Output = Self::Answer> + Send;
}

/// What is kept of a provider's answer.
pub(crate) trait Answer: Send + Sync + 'static {
    /// Bytes held, rounded up rather than down.
    fn weight(&self) -> usize;

    /// How long it may be true.
    fn permanence(&self) -> Permanence {
        Permanence::Changing
    }

    /// What it turned out to be about. It may name more than the question does: a room's other names, for instance.
    fn subject<'a>(&'a self, target: &'a Target) -> Subject<'a> {
        target.subject()
    }
}

/// How long an answer may be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permanence {
    /// It says that something is not there, which may be over at any moment.
    Absent,
    Changing,
    /// It is about something that is over, and changes no more.
    Ended,
}
