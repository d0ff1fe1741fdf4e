//! What travels with a call: until when, for whom, and at what cost.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use uuid::{NoContext, Uuid};

use crate::{Clock, TraceParent};

/// Whether a call may change something upstream. Mutations are sent at most once, reads may be retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// Changes nothing; may be repeated.
    Read,
    /// Changes something; sent upstream at most once.
    Mutation,
}

/// The id that ties together everything done for one request: `[A-Za-z0-9._-]{1,128}`. Two are equal when their texts are.
#[derive(Debug, Clone)]
pub struct RequestId {
    text: Arc<str>,
    trace: Option<Arc<TraceParent>>,
}

impl RequestId {
    /// The caller's id if it is well formed.
    #[must_use]
    pub fn accept(text: &str) -> Option<Self> {
        let fits = (1..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        fits.then(|| Self { text: Arc::from(text), trace: None })
    }

    /// A new one of this moment.
    #[must_use]
    pub fn generate() -> Self {
        Self::generate_at(Clock::system().unix_micros())
    }

    /// A new one of this moment, in microseconds since the Unix epoch: a UUID of version 7, sortable by the millisecond.
    #[must_use]
    pub fn generate_at(unix_micros: i64) -> Self {
        let micros = u64::try_from(unix_micros).unwrap_or(0);
        // Less than a second, so it fits.
        let nanos = u32::try_from(micros % 1_000_000 * 1000).unwrap_or(0);
        // Nothing is counted between ids: what is random in one is enough, and nobody waits for a common counter.
        let moment = uuid::Timestamp::from_unix(NoContext, micros / 1_000_000, nanos);
        let mut text = Uuid::encode_buffer();
        let text = Arc::from(&*Uuid::new_v7(moment).hyphenated().encode_lower(&mut text));
        Self { text, trace: None }
    }

    /// The id as it stands in headers and logs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The same id, of a request that is traced.
    #[must_use]
    pub fn in_trace(self, parent: TraceParent) -> Self {
        Self { trace: Some(Arc::new(parent)), ..self }
    }

    /// Where spans of what is done for the request hang; `None` where it is not traced.
    #[must_use]
    pub fn trace(&self) -> Option<&TraceParent> {
        self.trace.as_deref()
    }
}

impl PartialEq for RequestId {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for RequestId {}

impl Hash for RequestId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whose share of an upstream budget a call is charged to. An opaque number: two calls of one caller carry the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Payer(pub u64);

/// The circumstances of one operation. Cheap to clone; clones count into the same [`exchanges`](Self::exchanges).
#[derive(Debug, Clone)]
pub struct CallContext {
    deadline: Instant,
    request_id: RequestId,
    intent: Intent,
    payer: Option<Payer>,
    exchanges: Arc<AtomicU32>,
}

impl CallContext {
    /// A read that must be over by `deadline`.
    #[must_use]
    pub fn read(request_id: RequestId, deadline: Instant) -> Self {
        Self { deadline, request_id, intent: Intent::Read, payer: None, exchanges: Arc::default() }
    }

    /// A mutation that must be over by `deadline`.
    #[must_use]
    pub fn mutation(request_id: RequestId, deadline: Instant) -> Self {
        Self { intent: Intent::Mutation, ..Self::read(request_id, deadline) }
    }

    /// The same call, charged to `payer`.
    #[must_use]
    pub fn paid_by(self, payer: Payer) -> Self {
        Self { payer: Some(payer), ..self }
    }

    /// When the operation as a whole must be over, all its exchanges and retries included.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The time left; zero when the deadline has passed.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The request this call is made for.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// Whether the call may change something.
    #[must_use]
    pub fn intent(&self) -> Intent {
        self.intent
    }

    /// Whose share of the budget pays; `None` for Rollcall's own work.
    #[must_use]
    pub fn payer(&self) -> Option<Payer> {
        self.payer
    }

    /// Notes that one HTTP exchange was sent for this operation.
    pub fn count_exchange(&self) {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
    }

    /// How many HTTP exchanges were sent for this operation so far: its cost.
    #[must_use]
    pub fn exchanges(&self) -> u32 {
        self.exchanges.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_request_id_is_taken_only_if_well_formed() {
        assert!(RequestId::accept("a.b_c-9").is_some());
        for bad in ["", "a b", "a\n", "ü", &"x".repeat(129)] {
            assert!(RequestId::accept(bad).is_none(), "{bad:?}");
        }
        assert!(RequestId::accept(RequestId::generate().as_str()).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_the_cost_and_the_deadline() {
        let call = CallContext::read(RequestId::generate(), Instant::now() + Duration::from_secs(2));
        call.clone().paid_by(Payer(7)).count_exchange();
        assert_eq!(call.exchanges(), 1);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(call.remaining(), Duration::ZERO);
    }
}
