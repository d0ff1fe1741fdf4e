//! The life of the running gateway, from open sockets to a clean end.

use std::future::Future;
use std::num::NonZeroU32;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{OptionFuture, join};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::server::accept::{ListenerOptions, serve};
use crate::server::http_service::HttpService;
use crate::server::listeners::Listeners;
use crate::server::shutdown::Shutdown;
use crate::server::timeouts::ConnectionTimeouts;
use crate::server::tls::Tls;

/// Connections of operators and scrapers at once.
pub(super) const MAX_ADMIN_CONNECTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(63);

/// How long connections that are cut may take to be gone: in case that a request does not hear of it.
const CUT: Duration = Duration::from_secs(1);

/// Connections of providers at once, where webhooks have a listener of their own.
pub const MAX_WEBHOOK_CONNECTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(255);

/// What the listener of webhooks serves.
#[derive(Debug)]
pub struct OwnListener<W> {
    pub service: W,
    /// Who we are to the providers, if the listener speaks TLS.
    pub tls: Option<Tls>,
}

/// What is served, and within which bounds.
#[derive(Debug)]
pub struct Service<P, A, W = P> {
    /// The parts of the gateway that the end concerns.
    pub app: App,
    pub public: P,
    pub admin: A,
    /// On the listener of webhooks, if there is one.
    pub webhooks: Option<OwnListener<W>>,
    /// Public connections at once.
    pub max_connections: NonZeroU32,
    /// Who we are to callers, if the public listener speaks TLS.
    pub tls: Option<Tls>,
    /// How long a connection may keep us waiting.
    pub timeouts: ConnectionTimeouts,
    /// How long requests under way may go on once the end began.
    pub drain_timeout: Duration,
    /// Ends the tasks in the background; cancelled after the last request.
    pub background: CancellationToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Everything under way was finished.
    Clean,
    /// The drain's time was up, or a second signal came: some requests were cut.
    Cut,
}

impl<P: HttpService, A: HttpService, W: HttpService> Service<P, A, W> {
    /// Serves until `stop`, then drains: not ready, no new connections, requests under way finish. `hurry` ends the
    /// drain at once.
    pub async fn run(
        self,
        listeners: Listeners,
        stop: impl Future<Output = ()>,
        hurry: impl Future<Output = ()>,
    ) -> End {
        let (public_end, admin_end) = (Shutdown::default(), Shutdown::default());
        let public_ended = CancellationToken::new();
        let options =
            |name, max_connections, tls| ListenerOptions { name, max_connections, timeouts: self.timeouts, tls };
        let public_options = options("public", self.max_connections, self.tls);
        let admin_options = options("admin", MAX_ADMIN_CONNECTIONS, None);
        let public = serve(listeners.public, self.public, public_options, public_end.clone());
        let webhooks = match (listeners.webhooks, self.webhooks) {
            (Some(listener), Some(OwnListener { service, tls })) => {
                let options = options("webhooks", MAX_WEBHOOK_CONNECTIONS, tls);
                Some(serve(listener, service, options, public_end.clone()))
            }
            _ => None,
        };
        let public = join(public, OptionFuture::from(webhooks)).map(|_| public_ended.cancel());
        let admin = serve(listeners.admin, self.admin, admin_options, admin_end.clone());
        let app = self.app;
        let background = self.background;
        let mut end = End::Clean;
        let ending = async {
            stop.await;
            tracing::info!("going down: not ready, no new connections, waiting for requests under way");
            app.draining.begin();
            public_end.drain.cancel();
            let deadline = Instant::now() + self.drain_timeout;
            let drained = async {
                public_ended.cancelled().await;
                background.cancel();
                app.tasks.close();
                app.tasks.wait().await;
                app.reads.abandon_loads().await;
            };
            let cut = async {
                tokio::select! {
                    () = tokio::time::sleep_until(deadline) => tracing::warn!("server.drain_timeout is over; closing what is left"),
                    () = hurry => tracing::warn!("told to stop again; closing what is left"),
                }
            };
            tokio::select! {
                () = drained => {}
                () = cut => end = End::Cut,
            }
            public_end.kill.cancel();
            background.cancel();
            let _ = tokio::time::timeout(CUT, public_ended.cancelled()).await;
            // Also after a cut: what is known of mutations must not be lost.
            app.audit.finish().await;
            // Readiness and metrics stay visible until here.
            admin_end.drain.cancel();
            admin_end.kill.cancel();
            tokio::time::sleep(CUT).await;
        };
        let serving = async {
            tokio::join!(public, admin);
        };
        // Both listeners end by their shutdowns alone, and at once when they are cut.
        tokio::select! {
            () = serving => {}
            () = ending => {}
        }
        end
    }
}
