//! The values of `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).

use std::time::Duration;

use crate::limits::bucket::{Level, Rate};

/// One policy by name and how a caller stands with it.
pub(super) type RateStanding<'a> = (&'static str, &'a Rate, Level);

/// What the `RateLimit` and `RateLimit-Policy` headers say; empty when nothing is limited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LimitState {
    /// The value of `RateLimit`.
    pub rate_limit: Option<String>,
    /// The value of `RateLimit-Policy`.
    pub policy: Option<String>,
}

impl LimitState {
    /// Both values, as structured-field lists of one item per policy: `"default";r=50;t=30` and `"default";q=100;w=60`.
    pub(super) fn of(standings: &[RateStanding<'_>]) -> Self {
        let list = |item: &dyn Fn(&RateStanding<'_>) -> String| {
            (!standings.is_empty()).then(|| standings.iter().map(item).collect::<Vec<_>>().join(", "))
        };
        Self {
            rate_limit: list(&|(name, _, level)| {
                format!("\"{name}\";r={};t={}", level.remaining, seconds(level.full_in))
            }),
            policy: list(&|(name, rate, _)| {
                format!("\"{name}\";q={};w={}", rate.quota(), seconds(rate.window()).max(1))
            }),
        }
    }
}

/// Whole seconds, rounded up: never a promise that is too early.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
