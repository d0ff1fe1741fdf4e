//! What the suite asks of a service: Whiteboards of its own, and providers that speak to them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use http::header::AUTHORIZATION;
use provider_conformance::{Harness, Service};
use provider_simulator::ScriptedApi;

use crate::routes::routes;
use crate::service::{CREDENTIAL, RunningWhiteboard};

/// Starts Whiteboard services.
pub(crate) struct Whiteboards {
    /// Whether their providers are asked as the gateway does it, through its guard.
    pub(crate) guarded: bool,
}

#[async_trait]
impl Harness for Whiteboards {
    async fn start(&self) -> Box<dyn Service> {
        let state = Arc::new(Mutex::default());
        let api = ScriptedApi::new(routes(Arc::clone(&state))).admitting(AUTHORIZATION, format!("Bearer {CREDENTIAL}"));
        let running = api.start().await.unwrap();
        Box::new(RunningWhiteboard { state, api, running, guarded: self.guarded })
    }
}
