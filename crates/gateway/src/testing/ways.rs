//! The store of a history, and the ways of all its replicas to it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use coordination::InProcess;
use tokio::time::sleep;

use crate::testing::{Link, LinkState, Standstill};

/// Every link of the history.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    store: Arc<InProcess>,
    links: Mutex<Vec<Arc<Link>>>,
    is_away: Mutex<bool>,
}

impl Ways {
    /// That of another replica.
    pub(crate) fn another(&self, standstill: Standstill, seed: u64) -> Arc<Link> {
        let link = Link::new(Arc::clone(&self.store), standstill, seed);
        if *self.is_away.lock().unwrap() {
            link.set(LinkState::Refuses);
        }
        self.links.lock().unwrap().push(Arc::clone(&link));
        link
    }

    pub(crate) fn lose_data(&self) {
        self.store.lose_data();
    }

    /// The store is away for so long; this happens just before it comes back.
    pub(crate) async fn store_goes(&self, ms: u64, at_the_end: impl FnOnce()) {
        let all = |is_away, state| {
            *self.is_away.lock().unwrap() = is_away;
            self.set(state);
        };
        all(true, LinkState::Refuses);
        sleep(Duration::from_millis(ms)).await;
        at_the_end();
        all(false, LinkState::Good);
    }

    /// From now on all are like this.
    pub(crate) fn set(&self, state: LinkState) {
        self.links.lock().unwrap().iter().for_each(|link| link.set(state));
    }
}
