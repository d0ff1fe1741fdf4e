//! An answer as the cache hands it out.

use std::sync::Arc;

use session_provider::{Error, ErrorKind};
use tokio::time::Instant;

use crate::reads::CacheStatus;
use crate::reads::cache::{Answer, Entry, ParticipantRows, SessionDocument, SessionRows};

/// An answer, and how it was come by.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    /// The answer.
    pub(crate) entry: Arc<Entry>,
    /// How it was come by.
    pub(crate) standing: Standing,
}

/// How an answer was come by.
#[derive(Debug, Clone)]
pub(crate) enum Standing {
    /// From memory, fresh.
    Hit,
    /// From memory, while it is refreshed in the background.
    Revalidated,
    /// From the provider, just now.
    Loaded {
        /// In a call that another read had begun.
        collapsed: bool,
        /// The answer was kept.
        stored: bool,
    },
    /// From memory, because the refresh failed.
    Stale(Error),
}

impl Served {
    /// Whether the latest refresh failed.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.standing, Standing::Stale(_))
    }

    /// As `Cache-Status` says it.
    pub(crate) fn cache_status(&self, now: Instant) -> CacheStatus {
        match self.standing {
            Standing::Hit | Standing::Revalidated => {
                CacheStatus::Hit { ttl: self.entry.lifetime.ttl_seconds(self.entry.age(now)) }
            }
            Standing::Loaded { collapsed, stored } => CacheStatus::Miss { collapsed, stored },
            Standing::Stale(_) => CacheStatus::Stale,
        }
    }

    /// As the metric names it.
    pub(crate) fn outcome(&self) -> &'static str {
        match (&self.standing, &self.entry.answer) {
            (Standing::Hit, Answer::NotLive(_)) => "negative",
            (Standing::Hit, _) => "hit",
            (Standing::Revalidated, _) => "revalidate",
            (Standing::Loaded { collapsed: true, .. }, _) => "collapsed",
            (Standing::Loaded { collapsed: false, .. }, _) => "miss",
            (Standing::Stale(_), _) => "stale",
        }
    }

    /// The answer to a list of sessions.
    ///
    /// # Errors
    /// `Internal` if it is an answer to something else.
    pub(crate) fn sessions(&self) -> Result<&SessionRows, Error> {
        if let Answer::Sessions(rows) = &self.entry.answer { Ok(rows) } else { Err(mismatch()) }
    }

    /// The answer to a read of one session.
    ///
    /// # Errors
    /// `Internal` if it is an answer to something else.
    pub(crate) fn session(&self) -> Result<&SessionDocument, Error> {
        if let Answer::Session(document) = &self.entry.answer { Ok(document) } else { Err(mismatch()) }
    }

    /// The answer to a read of participants.
    ///
    /// # Errors
    /// `Internal` if it is an answer to something else.
    pub(crate) fn participants(&self) -> Result<&ParticipantRows, Error> {
        if let Answer::Participants(rows) = &self.entry.answer { Ok(rows) } else { Err(mismatch()) }
    }
}

/// Answers are stored under the question they answer, so this is a bug of ours.
fn mismatch() -> Error {
    Error::new(ErrorKind::Internal).with_source("the cache holds an answer of another kind under this key")
}
