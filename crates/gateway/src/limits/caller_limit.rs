//! The limits that every caller has.

use session_provider::Intent;

use crate::config::LimitsConfig;
use crate::limits::bucket::Rate;

/// A limit of so many in each span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallerLimit {
    Requests,
    Moderation,
}

/// What is limited, and how much.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallerRates {
    pub(super) requests: Option<Rate>,
    pub(super) moderation: Option<Rate>,
    pub(super) concurrent: Option<u32>,
}

impl CallerLimit {
    /// As the configuration and the metrics call it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Moderation => "moderation",
        }
    }

    /// As the headers call it.
    pub(super) fn policy(self) -> &'static str {
        match self {
            Self::Requests => "default",
            Self::Moderation => "moderation",
        }
    }
}

impl CallerRates {
    pub(super) fn new(config: &LimitsConfig) -> Self {
        Self {
            requests: config.requests.map(Rate::new),
            moderation: config.moderation.map(Rate::new),
            concurrent: config.concurrent.map(std::num::NonZeroU32::get),
        }
    }

    /// What a request with this intent must pass.
    pub(super) fn of(self, intent: Intent) -> Self {
        Self { moderation: self.moderation.filter(|_| intent == Intent::Mutation), ..self }
    }

    pub(super) fn is_unlimited(&self) -> bool {
        self.requests.is_none() && self.moderation.is_none() && self.concurrent.is_none()
    }
}
