//! The simulators as routers and as servers.

mod limiter;
mod pipeline;
mod scripted;
mod serve;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;

pub(crate) use limiter::{Limiter, Quota};
pub(crate) use pipeline::Api;
use pipeline::Pipeline;
pub use scripted::{RunningApi, ScriptedApi};
pub use serve::RunningSimulator;

use crate::faults::Script;
use crate::huddle01::Huddle01Api;
use crate::log::RequestLog;
use crate::options::{Huddle01Options, RealtimeKitOptions};
use crate::realtimekit::RealtimeKitApi;
use crate::state::{Service, World};
use crate::webhooks::{Signing, UnusableUrl, WebhookSender, well_known};

/// One simulated service: a world seen through one upstream API, with its faults and its log. Clones share all three.
#[derive(Debug, Clone)]
pub struct Simulator {
    world: World,
    kind: Kind,
    script: Script,
    log: RequestLog,
    signing: Signing,
}

#[derive(Debug, Clone)]
enum Kind {
    Huddle01(Huddle01Options),
    RealtimeKit(RealtimeKitOptions),
}

impl Simulator {
    /// The Huddle01 rooms of a world, in the documented shapes; any credential that is not empty is good.
    #[must_use]
    pub fn huddle01(world: World) -> Self {
        Self::huddle01_with(world, Huddle01Options::default())
    }

    /// The Huddle01 rooms of a world.
    #[must_use]
    pub fn huddle01_with(world: World, options: Huddle01Options) -> Self {
        Self::new(world, Kind::Huddle01(options))
    }

    /// The RealtimeKit meetings of a world, in the documented shapes; any credential that is not empty, any account and
    /// any app are good.
    #[must_use]
    pub fn realtimekit(world: World) -> Self {
        Self::realtimekit_with(world, RealtimeKitOptions::default())
    }

    /// The RealtimeKit meetings of a world.
    #[must_use]
    pub fn realtimekit_with(world: World, options: RealtimeKitOptions) -> Self {
        Self::new(world, Kind::RealtimeKit(options))
    }

    fn new(world: World, kind: Kind) -> Self {
        let (script, log, signing) = (Script::default(), RequestLog::default(), Signing::default());
        Self { world, kind, script, log, signing }
    }

    /// Whose API this is.
    #[must_use]
    pub fn service(&self) -> Service {
        match self.kind {
            Kind::Huddle01(_) => Service::Huddle01,
            Kind::RealtimeKit(_) => Service::RealtimeKit,
        }
    }

    /// The world it shows.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Its faults.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// What it was asked.
    #[must_use]
    pub fn log(&self) -> &RequestLog {
        &self.log
    }

    /// The path below which the API lies: what a base URL has behind the host.
    #[must_use]
    pub fn base_path(&self) -> &'static str {
        match self.kind {
            Kind::Huddle01(_) => crate::huddle01::BASE_PATH,
            Kind::RealtimeKit(_) => crate::realtimekit::BASE_PATH,
        }
    }

    /// The API with its full paths, for use without a socket.
    pub fn router(&self) -> Router {
        let world = self.world.clone();
        let (routes, api, limit): (_, Arc<dyn Api>, _) = match &self.kind {
            Kind::Huddle01(options) => {
                let routes = crate::huddle01::routes(world, options.clone());
                (routes, Arc::new(Huddle01Api::new(options, self.signing.clone())), options.rate_limit)
            }
            Kind::RealtimeKit(options) => {
                let routes = crate::realtimekit::routes(world, options.clone());
                (routes, Arc::new(RealtimeKitApi::new(options)), options.rate_limit)
            }
        };
        let pipeline = Pipeline {
            clock: self.world.clock(),
            script: self.script.clone(),
            log: self.log.clone(),
            limiter: Limiter::new(limit),
            api,
        };
        let routes = routes.layer(from_fn_with_state(Arc::new(pipeline), pipeline::pass));
        match self.kind {
            Kind::Huddle01(_) => routes,
            // Not part of the API: it asks for no credential, and is not among the requests of the log.
            Kind::RealtimeKit(_) => routes.merge(well_known(self.signing.clone())),
        }
    }

    /// Sends a signed webhook to the URL for everything that happens in the world to this service, from now on until
    /// what is returned is dropped. Huddle01's are signed with the API key that it was last called with, `demo` before
    /// that; RealtimeKit's with the key whose public half is at `/.well-known/webhooks.json`. To be called inside of a
    /// tokio runtime.
    ///
    /// # Errors
    /// For a URL that is not plain `http`.
    pub fn send_webhooks(&self, url: &str) -> Result<WebhookSender, UnusableUrl> {
        WebhookSender::start(&self.world, self.service(), self.signing.clone(), url)
    }

    /// The public key of a simulated RealtimeKit's webhooks, in PEM.
    #[must_use]
    pub fn webhook_public_key(&self) -> String {
        self.signing.realtimekit_key().public_pem()
    }

    /// How often that key was fetched.
    #[must_use]
    pub fn key_fetches(&self) -> u64 {
        self.signing.key_fetches()
    }

    /// Serves on a listener until the result is shut down or dropped.
    ///
    /// # Errors
    /// When the listener's address can't be read.
    pub fn serve(&self, listener: TcpListener) -> std::io::Result<RunningSimulator> {
        RunningSimulator::start(self.clone(), listener)
    }

    /// Serves on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(&self) -> std::io::Result<RunningSimulator> {
        self.serve(TcpListener::bind(("127.0.0.1", 0)).await?)
    }
}
