//! How much one caller may ask.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::config::section::Section;

/// `[limits]`: per caller (`iss` and `sub`); `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Requests of any kind.
    pub requests: Option<RateConfig>,
    /// Mutations; they count among the requests too.
    pub moderation: Option<RateConfig>,
    /// Requests under way at once.
    pub concurrent: Option<NonZeroU32>,
    /// Event streams at once.
    pub streams: NonZeroU32,
    /// Connections of all callers together.
    pub max_connections: NonZeroU32,
}

/// So many in each span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateConfig {
    pub requests: NonZeroU32,
    /// In which time; more than zero.
    pub per: Duration,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        #[expect(clippy::expect_used, reason = "ten thousand is not zero")]
        let max_connections = NonZeroU32::new(10_000).expect("not zero");
        let streams = NonZeroU32::MIN.saturating_add(9);
        Self { requests: None, moderation: None, concurrent: None, streams, max_connections }
    }
}

impl LimitsConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let rate = |(requests, per)| RateConfig { requests, per };
        let config = Self {
            requests: section.rate("requests").map(rate),
            moderation: section.rate("moderation").map(rate),
            concurrent: section.count("concurrent"),
            streams: section.count("streams").unwrap_or(Self::default().streams),
            max_connections: section.count("max_connections").unwrap_or(Self::default().max_connections),
        };
        section.finish();
        config
    }
}
