//! What the event streams may cost.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::config::section::Section;

/// The longest `heartbeat`: a connection whose stream is silent for longer may be taken for a dead one, by us too.
const MAX_HEARTBEAT: Duration = Duration::from_secs(30);

/// `[events]`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventsConfig {
    /// How often a provider is asked while somebody listens; less often where its budget does not allow that.
    pub poll_for: Duration,
    /// For how long an event can be caught up with.
    pub keep_for: Duration,
    /// How many events of a provider can be caught up with.
    pub keep_events: NonZeroU32,
    /// After how long a silent stream says that it is there.
    pub heartbeat: Duration,
    /// Streams at once, of all callers.
    pub max_streams: NonZeroU32,
    /// Rooms that are followed at once, by all callers.
    pub max_rooms: NonZeroU32,
}

impl Default for EventsConfig {
    fn default() -> Self {
        let count = |number: u32| NonZeroU32::MIN.saturating_add(number - 1);
        Self {
            poll_for: Duration::from_secs(2),
            keep_for: Duration::from_secs(60),
            keep_events: count(10_000),
            heartbeat: Duration::from_secs(15),
            max_streams: count(5_000),
            max_rooms: count(200),
        }
    }
}

impl EventsConfig {
    /// `max_connections` are the connections of all callers, of which streams may take half.
    pub(super) fn read(mut section: Section<'_>, max_connections: NonZeroU32) -> Self {
        let default = Self::default();
        let keep = section.section("keep", "keep = { for = \"60s\", events = 10000 }").map(|mut keep| {
            let both = (keep.duration("for", default.keep_for), keep.count("events"));
            keep.finish();
            both
        });
        let (keep_for, keep_events) = keep.unwrap_or((default.keep_for, None));
        let half = max_connections.get() / 2;
        // Without a word of the operator's, what fits.
        let fitting = NonZeroU32::new(half).unwrap_or(NonZeroU32::MIN).min(default.max_streams);
        let told = section.count("max_streams");
        let config = Self {
            poll_for: section.duration("poll_for", default.poll_for),
            keep_for,
            keep_events: keep_events.unwrap_or(default.keep_events),
            heartbeat: section.duration("heartbeat", default.heartbeat),
            max_streams: told.unwrap_or(fitting),
            max_rooms: section.count("max_rooms").unwrap_or(default.max_rooms),
        };
        if told.is_some_and(|told| told.get() > half) {
            let reason = format!("must be at most half of limits.max_connections, which is {max_connections}");
            section.report("max_streams", reason);
        }
        if config.heartbeat > MAX_HEARTBEAT {
            section.report("heartbeat", "must be at most 30s");
        }
        section.finish();
        config
    }
}
