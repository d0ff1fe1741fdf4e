//! From a configuration to the parts of a running gateway.

use caller_auth::Authenticator;
use session_provider::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;
use crate::audit::AuditLog;
use crate::changes::Changes;
use crate::config::{Config, ConfigError};
use crate::draining::Draining;
use crate::events::Events;
use crate::limits::CallerLimits;
use crate::moderation::Moderation;
use crate::providers;
use crate::reads::Reads;
use crate::telemetry::{AccessLog, ServerSpans};
use crate::webhooks::Webhooks;

/// The parts, and the switch of what runs in the background.
#[derive(Debug)]
pub struct Assembled {
    pub app: App,
    /// Cancel it to end the tasks in the background.
    pub background: CancellationToken,
}

/// Makes every part and starts what runs in the background; the access log is off. Calls no provider. Needs the async
/// runtime.
///
/// # Errors
/// What the configuration asks for and cannot be had, under its key.
pub fn assemble(config: &Config, clock: Clock) -> Result<Assembled, ConfigError> {
    let authenticator =
        Authenticator::new(&config.auth, clock).map_err(|error| ConfigError::one(error.key, error.reason))?;
    let audit = AuditLog::open(&config.audit, clock).map_err(|error| ConfigError::one("audit.file", error.0))?;
    let providers = providers::build(&config.providers, clock)?;
    let time = config.server.time();
    let changes = Changes::new(providers.ids());
    let reads = Reads::new(providers.clone(), changes.clone(), &config.cache, time.of_provider(), clock);
    let tasks = TaskTracker::new();
    let background = CancellationToken::new();
    authenticator.start(&tasks, &background);
    audit.start(&tasks, background.clone());
    let draining = Draining::default();
    let events = Events::new(config.events, &config.limits, reads.clone(), changes.clone(), draining.clone());
    events.start(&tasks, &background);
    let verifiers = providers::build_webhooks(&config.providers)?;
    let webhooks = Webhooks::new(verifiers, &changes, clock, config.webhooks.listen.is_some());
    let moderation = Moderation::new(audit.clone(), changes, tasks.clone(), time);
    let app = App {
        authenticator,
        limits: CallerLimits::new(&config.limits),
        audit,
        providers,
        reads,
        events,
        moderation,
        webhooks,
        access_log: AccessLog::default(),
        spans: ServerSpans::default(),
        time,
        cors_origins: config.server.cors_origins.clone().into(),
        board: config.server.board,
        clock,
        tasks,
        draining,
    };
    Ok(Assembled { app, background })
}
