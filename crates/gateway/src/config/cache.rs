//! How long answers are kept.

use std::time::Duration;

use bytesize::ByteSize;

use crate::config::section::Section;

/// `[cache]`. Ages count from the moment the provider answered; `fresh_for` ≤ `revalidate_for` ≤ `stale_for`. A default
/// among these three gives way to what is set beside it: `fresh_for = "30s"` alone moves the other two up with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheConfig {
    /// Up to this age an answer is served from memory.
    pub fresh_for: Duration,
    /// Up to this age it is served from memory while one refresh runs in the background.
    pub revalidate_for: Duration,
    /// Up to this age it is served, marked stale, when a refresh failed.
    pub stale_for: Duration,
    /// How long "nothing is live here" is remembered.
    pub not_live_for: Duration,
    /// How long an ended session, read by its id, is kept.
    pub ended_for: Duration,
    /// The most memory that answers may take.
    pub max_bytes: ByteSize,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            fresh_for: Duration::from_secs(2),
            revalidate_for: Duration::from_secs(10),
            stale_for: Duration::from_secs(60),
            not_live_for: Duration::from_secs(1),
            ended_for: Duration::from_secs(3600),
            max_bytes: ByteSize::mib(256),
        }
    }
}

impl CacheConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let default = Self::default();
        let fresh_for = section.optional_duration_or_zero("fresh_for");
        let revalidate_for = section.optional_duration_or_zero("revalidate_for");
        let stale_for = section.optional_duration_or_zero("stale_for");
        let under = |most: Option<Duration>, duration: Duration| most.map_or(duration, |most| duration.min(most));
        let revalidate_default = under(stale_for, default.revalidate_for);
        let fresh = fresh_for.unwrap_or_else(|| under(revalidate_for.or(stale_for), default.fresh_for));
        let revalidate = revalidate_for.unwrap_or_else(|| revalidate_default.max(fresh));
        let config = Self {
            fresh_for: fresh,
            revalidate_for: revalidate,
            stale_for: stale_for.unwrap_or_else(|| default.stale_for.max(revalidate)),
            not_live_for: section.duration_or_zero("not_live_for", default.not_live_for),
            ended_for: section.duration_or_zero("ended_for", default.ended_for),
            max_bytes: section.size("max_bytes", default.max_bytes),
        };
        if section.is_sound() {
            if config.revalidate_for < config.fresh_for {
                let reason = format!("must be at least fresh_for, which is {}", show(config.fresh_for));
                section.report("revalidate_for", reason);
            }
            if config.stale_for < config.revalidate_for {
                let (key, least) = match revalidate_for {
                    Some(revalidate_for) => ("revalidate_for", revalidate_for),
                    None => ("fresh_for", config.fresh_for),
                };
                let reason = format!("must be at least {key}, which is {}", show(least));
                section.report("stale_for", reason);
            }
        }
        section.finish();
        config
    }
}

fn show(duration: Duration) -> humantime::FormattedDuration {
    humantime::format_duration(duration)
}
