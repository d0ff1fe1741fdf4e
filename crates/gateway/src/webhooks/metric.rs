//! What becomes of webhooks, counted.

use metrics::counter;
use session_provider::{NoticeEvent, ProviderId};

use crate::telemetry::metrics as names;
use crate::webhooks::Refused;

/// Of one that is not verified nobody knows what it is about.
const UNVERIFIED: &str = "unverified";

/// What becomes of one that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// It became a hint.
    Hinted,
    /// It says nothing of what is live.
    Ignored,
    /// It had come before.
    Repeated,
}

impl Effect {
    fn as_str(self) -> &'static str {
        match self {
            Self::Hinted => "hinted",
            Self::Ignored => "ignored",
            Self::Repeated => "repeated",
        }
    }
}

pub(super) fn taken(provider: &ProviderId, event: NoticeEvent, effect: Effect) {
    count(provider, event.as_str(), effect.as_str());
}

pub(super) fn refused(provider: &ProviderId, why: Refused) {
    count(provider, UNVERIFIED, why.as_str());
}

/// Of one whose body did not come, or is too large.
pub(super) fn unread(provider: &ProviderId) {
    count(provider, UNVERIFIED, "unread");
}

fn count(provider: &ProviderId, event: &'static str, outcome: &'static str) {
    counter!(names::WEBHOOKS, "provider" => provider.to_string(), "event" => event, "outcome" => outcome).increment(1);
}
