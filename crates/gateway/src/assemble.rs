//! From a configuration to the parts of a running gateway.

use std::sync::Arc;

use caller_auth::Authenticator;
use coordination::Cluster;
use coordination_redis::RedisStore;
use session_provider::Clock;
use tokio::sync::watch;
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
use crate::sharing::{Sharing, tell_each_other};
use crate::telemetry::{AccessLog, ServerSpans};
use crate::webhooks::Webhooks;

/// The parts, and the switch of what runs in the background.
#[derive(Debug)]
pub struct Assembled {
    pub app: App,
    /// Cancel it to end the tasks in the background.
    pub background: CancellationToken,
    /// Whether the store that replicas share takes and gives, as it changes; `None` where there is none.
    pub shared_store: Option<watch::Receiver<bool>>,
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
    let sharing = sharing(config)?;
    let budgets = sharing.as_ref().map(Sharing::budgets).unwrap_or_default();
    let providers = providers::build(&config.providers, &budgets, clock)?;
    let time = config.server.time();
    let changes = Changes::new(providers.ids());
    let tasks = TaskTracker::new();
    let background = CancellationToken::new();
    if let Some(sharing) = &sharing {
        tell_each_other(sharing, &changes);
        tasks.spawn(background.clone().run_until_cancelled_owned(sharing.cluster().clone().run()));
        let saying = async move { budgets.keep_saying().await };
        tasks.spawn(background.clone().run_until_cancelled_owned(saying));
    }
    let deadline = time.of_provider();
    let reads =
        Reads::among_replicas(providers.clone(), changes.clone(), &config.cache, deadline, clock, sharing.clone());
    authenticator.start(&tasks, &background);
    audit.start(&tasks, background.clone());
    let draining = Draining::default();
    let (limits, following) = (&config.limits, sharing.clone());
    let events =
        Events::among_replicas(config.events, limits, reads.clone(), changes.clone(), draining.clone(), following);
    events.start(&tasks, &background);
    let verifiers = providers::build_webhooks(&config.providers)?;
    let webhooks = Webhooks::new(verifiers, &changes, clock, config.webhooks.listen.is_some());
    let webhooks = sharing.iter().cloned().fold(webhooks, Webhooks::among_replicas);
    let shared_store = sharing.as_ref().map(|sharing| sharing.cluster().watch());
    let limits = CallerLimits::among_replicas(&config.limits, sharing.as_ref(), tasks.clone());
    let moderation = Moderation::new(audit.clone(), changes, tasks.clone(), time).among_replicas(sharing);
    let app = App {
        authenticator,
        limits,
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
    Ok(Assembled { app, background, shared_store })
}

/// What is shared with other replicas, if there may be any.
fn sharing(config: &Config) -> Result<Option<Sharing>, ConfigError> {
    let Some(cluster) = &config.cluster else { return Ok(None) };
    let store = RedisStore::new(&cluster.store)
        .map_err(|error| ConfigError::one(format!("cluster.{}", error.at), error.what))?;
    let scopes = config.providers.iter().map(crate::sharing::scope);
    let cluster = Cluster::new(Arc::new(store), cluster.settings, scopes);
    Ok(Some(Sharing::new(cluster, &config.providers)))
}
