//! What a replica finds when it looks for an answer.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

use crate::answer::{AnswerClaim, Kept, PutAnswer, SharedAnswer};
use crate::cluster::Cluster;
use crate::name::{Question, Scope};

/// How long a claim is held without being renewed.
pub(super) const HOLD: Duration = Duration::from_secs(1);

/// How often who waits for another's load looks whether its replica still holds the claim: so much later than it has ended
/// a claim is taken at most.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// What was found.
#[derive(Debug)]
pub enum Finding {
    /// An answer of another replica, and when it was looked for: its age is at least what is said since then.
    Answer(SharedAnswer, Instant),
    /// Nothing: load it, and put it.
    Load(LoadClaim),
    /// Another replica is loading it: wait, then look again.
    Elsewhere(LoadElsewhere),
    /// The store is away: this replica acts alone.
    Away,
}

/// The claim to a load. Dropped without a put, it is released.
pub struct LoadClaim {
    cluster: Cluster,
    scope: Scope,
    question: Question,
    claim: AnswerClaim,
    settled: bool,
}

/// A load of another replica.
#[derive(Debug)]
pub struct LoadElsewhere {
    pub(super) ended: oneshot::Receiver<()>,
}

impl LoadElsewhere {
    /// Waits until the load has ended, or it is time to see whether its replica has died.
    pub async fn ended(self) {
        // Whichever comes first: then it is looked for again.
        let _ = timeout(LOOK_AGAIN, self.ended).await;
    }
}

impl fmt::Debug for LoadClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadClaim")
            .field("question", &self.question)
            .field("claim", &self.claim)
            .finish_non_exhaustive()
    }
}

impl LoadClaim {
    pub(super) fn new(cluster: Cluster, scope: Scope, question: Question, claim: AnswerClaim) -> Self {
        Self { cluster, scope, question, claim, settled: false }
    }

    /// The number of the load: an answer of a later load has a greater one.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.claim.number
    }

    /// Gives the answer to the other replicas. Answers whether they can have it.
    pub async fn put(mut self, answer: PutAnswer) -> bool {
        let kept = self.cluster.put(self.scope, self.question, self.claim, answer).await;
        self.settled = kept.is_some();
        kept == Some(Kept::Yes)
    }
}

impl Drop for LoadClaim {
    fn drop(&mut self) {
        self.cluster.ended(self.scope, self.question, self.claim, self.settled);
    }
}

/// The claims of this replica, to be renewed or released. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(Arc<Mutex<HashMap<(Question, u64), ClaimStanding>>>);

/// A claim, and what is to be done with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimStanding {
    pub(super) claim: AnswerClaim,
    renewed: Instant,
    /// The load has ended: to be released.
    pub(super) is_over: bool,
}

/// What is due with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimDue {
    Renew,
    Release,
}

impl Claims {
    pub(super) fn add(&self, question: Question, claim: AnswerClaim) {
        let standing = ClaimStanding { claim, renewed: Instant::now(), is_over: false };
        self.lock().insert((question, claim.number), standing);
    }

    /// The load has ended; the claim is released, unless that was done.
    pub(super) fn ended(&self, question: Question, claim: AnswerClaim, released: bool) {
        let mut claims = self.lock();
        if released {
            claims.remove(&(question, claim.number));
        } else if let Some(standing) = claims.get_mut(&(question, claim.number)) {
            standing.is_over = true;
        }
    }

    /// What is due now. What is to be renewed counts as renewed, and what is to be released is forgotten: if that fails, it
    /// is free by itself soon.
    pub(super) fn due(&self) -> Vec<(Question, AnswerClaim, ClaimDue)> {
        let now = Instant::now();
        let mut claims = self.lock();
        let mut due = Vec::new();
        claims.retain(|(question, _), standing| {
            if standing.is_over {
                due.push((*question, standing.claim, ClaimDue::Release));
            } else if now.saturating_duration_since(standing.renewed) >= HOLD / 3 {
                standing.renewed = now;
                due.push((*question, standing.claim, ClaimDue::Renew));
            }
            !standing.is_over
        });
        due
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Question, u64), ClaimStanding>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
