//! An answer as the cache hands it out.

use std::sync::Arc;

use session_provider::Error;
use tokio::time::Instant;

use crate::reads::CacheStatus;
use crate::reads::cache::entry::{Entry, Times};

/// An answer, and how it was come by.
#[derive(Debug)]
pub(crate) struct Served<A> {
    entry: Arc<Entry<A>>,
    standing: Standing,
}

/// How an answer was come by.
#[derive(Debug, Clone)]
pub(crate) enum Standing {
    Hit,
    /// From memory, while it is refreshed in the background.
    Revalidated,
    /// From the provider, just now.
    Loaded {
        /// In a load that another read had begun.
        collapsed: bool,
        /// The answer was kept.
        stored: bool,
    },
    /// From memory, because the refresh failed.
    Stale(Error),
}

impl Standing {
    /// As the metric of cache reads names it.
    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Revalidated => "revalidate",
            Self::Loaded { collapsed: true, .. } => "collapsed",
            Self::Loaded { collapsed: false, .. } => "miss",
            Self::Stale(_) => "stale",
        }
    }
}

impl<A> Served<A> {
    pub(super) fn new(entry: Arc<Entry<A>>, standing: Standing) -> Self {
        Self { entry, standing }
    }

    pub(crate) fn answer(&self) -> &A {
        &self.entry.answer
    }

    pub(crate) fn times(&self) -> &Times {
        &self.entry.times
    }

    /// Why it is stale: how the latest refresh failed.
    pub(crate) fn failure(&self) -> Option<&Error> {
        if let Standing::Stale(error) = &self.standing { Some(error) } else { None }
    }

    /// Whether the latest refresh failed.
    pub(crate) fn is_stale(&self) -> bool {
        self.failure().is_some()
    }

    /// As `Cache-Status` says it.
    pub(crate) fn cache_status(&self, now: Instant) -> CacheStatus {
        match self.standing {
            Standing::Hit | Standing::Revalidated => {
                CacheStatus::Hit { ttl: self.times().lifetime.ttl_seconds(self.times().age(now)) }
            }
            Standing::Loaded { collapsed, stored } => CacheStatus::Miss { collapsed, stored },
            Standing::Stale(_) => CacheStatus::Stale,
        }
    }
}
