//! RealtimeKit.

use std::sync::Arc;

use async_trait::async_trait;
use provider_conformance::{Harness, Service};
use provider_realtimekit::{RealtimeKit, RealtimeKitConfig};
use provider_simulator::{Credentials, RealtimeKitOptions, Simulator, World};
use secrecy::SecretString;
use session_provider::{Clock, NewPoll, ProviderId, SessionProvider};
use upstream_http::{Budgets, Segment, UpstreamSettings};

use crate::simulated::{BUDGET, CREDENTIAL, Kind, Simulated};
use crate::wrapping::Wrapping;

/// The RealtimeKit simulator and its provider.
pub(crate) struct RealtimeKitService;

const ACCOUNT: &str = "0123456789abcdef0123456789abcdef";
const APP: &str = "1b0c6a1e-5a0f-4a51-9d0e-2f4f3f4b8a10";

impl Kind for RealtimeKitService {
    const SERVICE: provider_simulator::Service = provider_simulator::Service::RealtimeKit;
    const ROW_IDS: &'static [&'static str] = &["id"];
    const CONNECTION_ID: &'static str = "id";

    fn provider(upstream: UpstreamSettings, max_pages: u32) -> Arc<dyn SessionProvider> {
        let config = RealtimeKitConfig {
            account_id: Segment::new(ACCOUNT).unwrap(),
            app_id: Segment::new(APP).unwrap(),
            api_token: SecretString::from(CREDENTIAL),
            max_pages,
            upstream,
            budget: BUDGET,
        };
        let id = ProviderId::new("rtk-eu").unwrap();
        Arc::new(RealtimeKit::new(id, config, &Budgets::default(), Clock::system()).unwrap())
    }

    fn refused_poll() -> Option<NewPoll> {
        let options = vec!["Yes".to_owned(), "No".to_owned()];
        Some(NewPoll { question: String::new(), options, anonymous: false, hide_votes: false })
    }
}

/// Starts simulated RealtimeKit apps.
#[derive(Debug, Clone)]
pub(crate) struct RealtimeKitHarness {
    pub(crate) options: RealtimeKitOptions,
    pub(crate) wrapping: Wrapping,
}

impl RealtimeKitHarness {
    /// In the documented shapes.
    pub(crate) fn documented(wrapping: Wrapping) -> Self {
        Self { options: RealtimeKitOptions::default(), wrapping }
    }
}

#[async_trait]
impl Harness for RealtimeKitHarness {
    async fn start(&self) -> Box<dyn Service> {
        let options = RealtimeKitOptions {
            credentials: Credentials::Exactly(CREDENTIAL.to_owned()),
            account_id: Some(ACCOUNT.to_owned()),
            app_id: Some(APP.to_owned()),
            ..self.options.clone()
        };
        let simulator = Simulator::realtimekit_with(World::empty(), options).start().await.unwrap();
        Box::new(Simulated::<RealtimeKitService>::new(simulator, self.wrapping))
    }
}

mod bare {
    provider_conformance::conformance_tests!(crate::realtimekit::RealtimeKitHarness::documented(crate::wrapping::BARE));
}

mod guarded {
    provider_conformance::conformance_tests!(crate::realtimekit::RealtimeKitHarness::documented(
        crate::wrapping::GUARDED
    ));
}
