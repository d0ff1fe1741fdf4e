//! Huddle01.

use std::sync::Arc;

use async_trait::async_trait;
use provider_conformance::{Harness, Service};
use provider_huddle01::{Huddle01, Huddle01Config};
use provider_simulator::{Credentials, Huddle01Options, Simulator, World};
use secrecy::SecretString;
use session_provider::{Clock, NewPoll, ProviderId, SessionProvider};
use upstream_http::{Budgets, UpstreamSettings};

use crate::simulated::{BUDGET, CREDENTIAL, Kind, Simulated};
use crate::wrapping::Wrapping;

/// The Huddle01 simulator and its provider.
pub(crate) struct Huddle01Service;

impl Kind for Huddle01Service {
    const SERVICE: provider_simulator::Service = provider_simulator::Service::Huddle01;
    const ROW_IDS: &'static [&'static str] = &["roomId", "sessionId", "peerId"];
    const CONNECTION_ID: &'static str = "peerId";

    fn provider(upstream: UpstreamSettings, max_pages: u32) -> Arc<dyn SessionProvider> {
        let config = Huddle01Config { api_key: SecretString::from(CREDENTIAL), max_pages, upstream, budget: BUDGET };
        let id = ProviderId::new("huddle01").unwrap();
        Arc::new(Huddle01::new(id, config, &Budgets::default(), Clock::system()).unwrap())
    }

    fn refused_poll() -> Option<NewPoll> {
        None
    }
}

/// Starts simulated Huddle01 projects.
#[derive(Debug, Clone)]
pub(crate) struct Huddle01Harness {
    pub(crate) options: Huddle01Options,
    pub(crate) wrapping: Wrapping,
}

impl Huddle01Harness {
    /// In the documented shapes.
    pub(crate) fn documented(wrapping: Wrapping) -> Self {
        Self { options: Huddle01Options::default(), wrapping }
    }
}

#[async_trait]
impl Harness for Huddle01Harness {
    async fn start(&self) -> Box<dyn Service> {
        let credentials = Credentials::Exactly(CREDENTIAL.to_owned());
        let options = Huddle01Options { credentials, ..self.options.clone() };
        let simulator = Simulator::huddle01_with(World::empty(), options).start().await.unwrap();
        Box::new(Simulated::<Huddle01Service>::new(simulator, self.wrapping))
    }
}

mod bare {
    provider_conformance::conformance_tests!(crate::huddle01::Huddle01Harness::documented(crate::wrapping::BARE));
}

mod guarded {
    provider_conformance::conformance_tests!(crate::huddle01::Huddle01Harness::documented(crate::wrapping::GUARDED));
}
