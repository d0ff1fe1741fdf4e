//! What an upstream shows: the first part of its path.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize;

/// `1000` is a list of so many sessions, always the same; of `1000-10` ten rows of each hundred are others each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Shown {
    pub(crate) sessions: usize,
    churn: usize,
}

/// After so many changes a row is what it was at first.
const TURNS: usize = 32;

impl TryFrom<String> for Shown {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (sessions, churn) = text.split_once('-').unwrap_or((&text, "0"));
        Ok(Self { sessions: sessions.parse()?, churn: churn.parse()? })
    }
}

impl Shown {
    /// As it stands in a path.
    pub(crate) fn path(sessions: usize, churn: usize) -> String {
        if churn == 0 { sessions.to_string() } else { format!("{sessions}-{churn}") }
    }

    /// Which turn comes next.
    pub(crate) fn turn(self, turns: &AtomicUsize) -> usize {
        if self.churn == 0 { 0 } else { turns.fetch_add(1, Ordering::Relaxed) % TURNS }
    }

    /// How often a row has changed in that turn.
    pub(crate) fn changes(self, turn: usize) -> impl Fn(usize) -> usize {
        move |n| if n % 100 < self.churn { turn } else { 0 }
    }
}
