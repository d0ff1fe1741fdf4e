//! The simulators as routers and as servers.

mod limiter;
mod pipeline;
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
pub use serve::RunningSimulator;

use crate::faults::Script;
use crate::huddle01::Huddle01Api;
use crate::log::RequestLog;
use crate::options::{Huddle01Options, RealtimeKitOptions};
use crate::realtimekit::RealtimeKitApi;
use crate::state::{Service, World};

/// One simulated service: a world seen through one upstream API, with its faults and its log. Clones share all three.
#[derive(Debug, Clone)]
pub struct Simulator {
    world: World,
    kind: Kind,
    script: Script,
    log: RequestLog,
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
        Self { world, kind: Kind::Huddle01(options), script: Script::default(), log: RequestLog::default() }
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
        Self { world, kind: Kind::RealtimeKit(options), script: Script::default(), log: RequestLog::default() }
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
                (routes, Arc::new(Huddle01Api::new(options)), options.rate_limit)
            }
            Kind::RealtimeKit(options) => {
                let routes = crate::realtimekit::routes(world, options.clone());
                (routes, Arc::new(RealtimeKitApi::new(options)), options.rate_limit)
            }
        };
        let pipeline = Pipeline {
            world: self.world.clone(),
            script: self.script.clone(),
            log: self.log.clone(),
            limiter: Limiter::new(limit),
            api,
        };
        routes.layer(from_fn_with_state(Arc::new(pipeline), pipeline::pass))
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
