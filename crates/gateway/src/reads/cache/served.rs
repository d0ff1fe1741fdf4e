//! An answer as the cache hands it out.

use std::sync::Arc;

use session_provider::Error;
use tokio::time::Instant;

use crate::reads::CacheStatus;
use crate::reads::cache::entry::{Entry, Held, Times};

/// What a read has found: an answer or the word that nothing is live, and how it was come by.
#[derive(Debug)]
pub(crate) struct Lookup<A> {
    pub(super) held: Held<A>,
    pub(super) standing: Standing,
}

impl<A> Lookup<A> {
    /// As the metric of cache reads names it.
    pub(super) fn label(&self) -> &'static str {
        match (&self.held, &self.standing) {
            (Held::NotLive(_), Standing::Hit) => "negative",
            (_, standing) => standing.label(),
        }
    }

    /// The answer; "nothing is live" comes as the error it is.
    pub(crate) fn served(self) -> Result<Served<A>, Error> {
        match self.held {
            Held::Answer(entry) => Ok(Served { entry, standing: self.standing }),
            Held::NotLive(entry) => Err(entry.answer.clone()),
        }
    }
}

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
    Revalidated {
        /// When the latest hint about it came, of those since its load began.
        hinted: Option<Instant>,
    },
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
    fn label(&self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Revalidated { .. } => "revalidate",
            Self::Loaded { collapsed: true, .. } => "collapsed",
            Self::Loaded { collapsed: false, .. } => "miss",
            Self::Stale(_) => "stale",
        }
    }
}

impl<A> Served<A> {
    pub(crate) fn answer(&self) -> &A {
        &self.entry.answer
    }

    /// What is kept, with its times.
    pub(crate) fn entry(&self) -> &Arc<Entry<A>> {
        &self.entry
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
            Standing::Hit => CacheStatus::Hit { ttl: self.times().ttl_seconds(None, now) },
            Standing::Revalidated { hinted } => CacheStatus::Hit { ttl: self.times().ttl_seconds(hinted, now) },
            Standing::Loaded { collapsed, stored } => CacheStatus::Miss { collapsed, stored },
            Standing::Stale(_) => CacheStatus::Stale,
        }
    }
}
