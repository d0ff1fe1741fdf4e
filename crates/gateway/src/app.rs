//! Everything a request may need, made once at the start.

use std::sync::Arc;

use caller_auth::Authenticator;
use session_provider::Clock;
use tokio_util::task::TaskTracker;

use crate::audit::AuditLog;
use crate::draining::Draining;
use crate::events::Events;
use crate::limits::CallerLimits;
use crate::moderation::Moderation;
use crate::providers::Providers;
use crate::reads::Reads;
use crate::telemetry::{AccessLog, ServerSpans};
use crate::time_budget::TimeBudget;
use crate::webhooks::Webhooks;

/// The parts of the running gateway. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    pub authenticator: Authenticator,
    /// How much they may ask.
    pub limits: CallerLimits,
    pub audit: AuditLog,
    /// Whom they may ask about.
    pub providers: Providers,
    pub reads: Reads,
    pub events: Events,
    pub moderation: Moderation,
    /// What providers say by themselves.
    pub webhooks: Webhooks,
    pub access_log: AccessLog,
    /// The spans of requests.
    pub spans: ServerSpans,
    /// How the time of a request is shared out.
    pub time: TimeBudget,
    /// Exact origins that browsers may call from.
    pub cors_origins: Arc<[String]>,
    /// Whether `/` is the board.
    pub board: bool,
    pub clock: Clock,
    /// Tasks that outlive a request; waited for in the drain.
    pub tasks: TaskTracker,
    /// Whether the gateway is going down.
    pub draining: Draining,
}
