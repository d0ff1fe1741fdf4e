//! Everything a request may need, made once at the start.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use session_provider::Clock;
use tokio_util::task::TaskTracker;

use crate::audit::AuditLog;
use crate::auth::Authenticator;
use crate::limits::CallerLimits;
use crate::providers::Providers;
use crate::reads::Reads;

/// The parts of the running gateway. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    /// Who is calling.
    pub authenticator: Authenticator,
    /// How much they may ask.
    pub limits: CallerLimits,
    /// What they changed.
    pub audit: AuditLog,
    /// Whom they may ask about.
    pub providers: Providers,
    /// The read side.
    pub reads: Reads,
    /// The whole time a request may take.
    pub request_timeout: Duration,
    /// Exact origins that browsers may call from.
    pub cors_origins: Arc<[String]>,
    /// Wall time.
    pub clock: Clock,
    /// Tasks that outlive a request; waited for in the drain.
    pub tasks: TaskTracker,
    /// Whether the gateway is going down.
    pub draining: Draining,
}

/// A switch that is thrown once, when the gateway begins to go down.
#[derive(Debug, Clone, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// Throws the switch.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was thrown.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
