//! How calls to one provider ended, as metrics.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use metrics::{Counter, Histogram, Label};
use session_provider::{Operation, ProviderId};

/// Counts calls to one provider and measures how long they took, by `provider`, `operation` and `outcome`.
///
/// Both metrics are looked up when the first call of its kind ends, and kept: the look-up by name and labels costs more
/// than all the rest of the bookkeeping of a call. Bounded by the operations and outcomes that there are.
#[derive(Debug)]
pub struct CallMetrics {
    provider: ProviderId,
    look_up: LookUp,
    known: RwLock<HashMap<(Operation, &'static str), Handles>>,
}

/// The counter, and the histogram in seconds.
type Handles = (Counter, Histogram);
type LookUp = fn(Vec<Label>) -> Handles;

impl CallMetrics {
    /// Those of a provider. `look_up` gives the counter, and the histogram in seconds, of the labels.
    #[must_use]
    pub fn new(provider: ProviderId, look_up: LookUp) -> Self {
        Self { provider, look_up, known: RwLock::default() }
    }

    /// One call ended so, after that long.
    pub fn ended(&self, operation: Operation, outcome: &'static str, took: Duration) {
        let (calls, seconds) = self.known(operation, outcome).unwrap_or_else(|| self.learn(operation, outcome));
        calls.increment(1);
        seconds.record(took);
    }

    fn known(&self, operation: Operation, outcome: &'static str) -> Option<Handles> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&(operation, outcome)).cloned()
    }

    fn learn(&self, operation: Operation, outcome: &'static str) -> Handles {
        let handles = (self.look_up)(vec![
            Label::new("provider", self.provider.to_string()),
            Label::from_static_parts("operation", operation.as_str()),
            Label::from_static_parts("outcome", outcome),
        ]);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.entry((operation, outcome)).or_insert(handles).clone()
    }
}
