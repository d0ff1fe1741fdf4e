//! Loads under way, each shared by everybody who waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, Shared};
use session_provider::{Error, ErrorKind, Payer};
use tokio::sync::oneshot;

use crate::reads::cache::{Entry, Key};

/// How a load ends.
pub(crate) type Outcome = Result<Arc<Entry>, Error>;

/// A load under way. Waiting for it costs nothing upstream, and giving up does not stop it.
#[derive(Debug, Clone)]
pub(crate) struct Flight {
    /// The number it took from the cache's counter; no other has it.
    pub(crate) began: u64,
    /// Whose share of the budget pays.
    pub(crate) payer: Payer,
    /// Its end.
    pub(crate) outcome: Shared<BoxFuture<'static, Outcome>>,
}

impl Flight {
    /// A load, and where to say how it ended. If that is dropped unused the load has failed on our side.
    pub(crate) fn new(began: u64, payer: Payer) -> (Self, oneshot::Sender<Outcome>) {
        let (sender, receiver) = oneshot::channel::<Outcome>();
        let outcome = receiver.map(|ended| ended.unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal))));
        (Self { began, payer, outcome: outcome.boxed().shared() }, sender)
    }
}

/// The loads under way by key: at most one of a key that anybody may still join.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, Flight>>);

/// The most loads that may be under way at once; further reads are refused as `overloaded`.
pub(crate) const MAX_FLIGHTS: usize = 4096;

impl Flights {
    /// The map, locked. Whoever ends a load stores its answer under this lock, so that between the end of a load and
    /// its answer nobody can find neither.
    pub(crate) fn lock(&self) -> MutexGuard<'_, HashMap<Key, Flight>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
