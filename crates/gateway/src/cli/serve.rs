//! `rollcall serve`

use std::num::NonZeroU32;
use std::path::Path;

use session_provider::Clock;

use crate::api;
use crate::app::App;
use crate::assemble::assemble;
use crate::cli::runtime::run_to_the_end;
use crate::cli::{Environment, Failure, load};
use crate::config::{Config, ConfigError};
use crate::server::{
    ConnectionTimeouts, Listeners, MAX_WEBHOOK_CONNECTIONS, OwnListener, Service, StopSignals, Tls, connections_within,
    raise_descriptor_limit,
};
use crate::telemetry::{AccessLog, Exports, LogTarget, ServerSpans, metrics, start_logs};

pub(super) fn run(file: &Path, environment: Environment) -> Result<(), Failure> {
    let config = load(file, environment)?;
    let exports = Exports::start(&config.telemetry).map_err(|error| Failure::usage(error.to_string()))?;
    let access_log = start_logs(&config.log, LogTarget::Stdout).map_err(|error| Failure::running(error.to_string()))?;
    let command = gateway(&config, access_log, &exports, |listeners| {
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            listen = %listeners.public_addr,
            admin_listen = %listeners.admin_addr,
            webhooks_listen = listeners.webhooks_addr.map(tracing::field::display),
            tls = config.server.tls.is_some(),
            providers = config.providers.len(),
            "serving"
        );
    });
    run_to_the_end(command, &exports)
}

/// Runs the configured gateway until a signal ends it. `started` is called once its sockets are open.
pub(super) async fn gateway(
    config: &Config,
    access_log: AccessLog,
    exports: &Exports,
    started: impl FnOnce(&Listeners),
) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::running(error.to_string());
    let mut signals = StopSignals::listen().map_err(|error| failed(&error))?;
    let spans = exports.traces.as_ref().map(ServerSpans::to).unwrap_or_default();
    let series = exports.series();
    let metrics = metrics::install(series).map_err(|error| failed(&error))?;
    let tls = match &config.server.tls {
        Some(files) => Some(Tls::load(files).await.map_err(|error| Failure::usage(error.to_string()))?),
        None => None,
    };
    let max_connections = max_connections(config);
    let webhooks_tls = match &config.webhooks.tls {
        Some(files) => Some(Tls::load(files).await.map_err(|error| Failure::usage(error.to_string()))?),
        None => None,
    };
    let listeners = Listeners::bind(&config.server).await.map_err(|error| failed(&error))?;
    let listeners = listeners.with_webhooks(&config.webhooks).await.map_err(|error| failed(&error))?;
    let assembled = assemble(config, Clock::system()).map_err(|error: ConfigError| Failure::config(&error))?;
    let (app, background) = (App { access_log, spans, ..assembled.app }, assembled.background);
    metrics::begin_at_zero(app.providers.ids());
    metrics::keep_up(metrics.clone(), series.cloned(), &app.tasks, background.clone());
    for tls in tls.iter().chain(&webhooks_tls) {
        app.tasks.spawn(tls.clone().keep_up(app.clock, background.clone()));
    }
    let has_own_listener = config.webhooks.listen.is_some();
    let service = Service {
        public: api::public(App { spans: app.spans.clone().of_listener(tls.is_some()), ..app.clone() }),
        admin: api::admin(app.clone(), metrics),
        webhooks: has_own_listener.then(|| {
            let spans = app.spans.clone().of_listener(webhooks_tls.is_some());
            OwnListener { service: api::webhooks(App { spans, ..app.clone() }), tls: webhooks_tls }
        }),
        app,
        max_connections,
        tls,
        timeouts: ConnectionTimeouts::default(),
        drain_timeout: config.server.drain_timeout,
        background,
    };
    started(&listeners);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let hurry = tokio_util::sync::CancellationToken::new();
    let watch = async {
        signals.next().await;
        // Gone only when the service has ended by itself.
        let _ = stop.send(());
        signals.insisted().await;
        hurry.cancel();
        std::future::pending::<()>().await;
    };
    let run = service.run(listeners, async { drop(stopped.await) }, hurry.cancelled());
    tokio::select! {
        _ = run => {}
        () = watch => {}
    }
    tracing::info!("ended");
    Ok(())
}

/// The configured connections, or as many as the system's limit of file descriptors allows.
fn max_connections(config: &Config) -> NonZeroU32 {
    let wanted = config.limits.max_connections;
    let exchanges = config.providers.iter().map(|provider| provider.upstream().max_concurrency);
    let limit = raise_descriptor_limit();
    let of_webhooks = config.webhooks.listen.map_or(0, |_| MAX_WEBHOOK_CONNECTIONS.get() as usize);
    let possible = connections_within(limit, wanted, exchanges.fold(of_webhooks, usize::saturating_add));
    if possible < wanted {
        tracing::warn!(
            limits.max_connections = wanted,
            possible,
            descriptors = limit,
            "the limit of file descriptors does not suffice for limits.max_connections, which is lowered; raise it \
             (ulimit -n, LimitNOFILE)"
        );
    }
    possible
}
