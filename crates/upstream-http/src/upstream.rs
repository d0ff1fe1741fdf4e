//! An upstream, ready to be called.

use std::sync::Arc;

use session_provider::{CallContext, Clock, ProviderHealth, ProviderId, Result};
use tower::ServiceExt;

use crate::breaker::Breaker;
use crate::exchange::Exchange;
use crate::health_log::HealthLog;
use crate::layer::send::Sender;
use crate::stack::{Shared, Stack, stack};
use crate::{Budget, BuildError, Credential, Request, Response, UpstreamSettings, client};

/// One upstream with its connections, breaker, budget and bounds. Cheap to clone; clones are the same upstream.
#[derive(Debug, Clone)]
pub struct Upstream {
    shared: Arc<Shared>,
    stack: Stack,
}

impl Upstream {
    /// Sets up the client and the stack. Sends nothing.
    ///
    /// # Errors
    /// [`BuildError`] when TLS cannot be set up or the credential is not a header value.
    pub fn new(
        provider: ProviderId,
        settings: UpstreamSettings,
        credential: Credential,
        budget: Arc<Budget>,
        clock: Clock,
    ) -> std::result::Result<Self, BuildError> {
        let credential = credential.header().ok_or_else(|| {
            BuildError("the credential is empty or holds characters that no HTTP header may; correct it".to_owned())
        })?;
        let client = client::build(settings.base_url.as_url(), settings.timeout, settings.max_concurrency)?;
        let sender = Sender::new(client, settings.base_url.clone(), credential, settings.max_body_bytes, clock);
        let shared =
            Shared { provider, breaker: Breaker::new(), budget, health: Arc::new(HealthLog::default()), clock };
        Ok(Self { stack: stack(sender, &settings, &shared), shared: Arc::new(shared) })
    }

    /// Makes one exchange, or two if it is a read whose first attempt failed. Answers any 2xx, and any 4xx but 401, 403 and
    /// 429, for the provider to read. Dropping the future abandons the exchange and gives back all it held.
    ///
    /// # Errors
    /// Everything else, classified, with the provider and the operation in it.
    pub async fn send(&self, call: &CallContext, request: Request) -> Result<Response> {
        let operation = request.operation;
        let answer = self.stack.clone().oneshot(Exchange::new(call.clone(), request)).await;
        answer.map_err(|error| error.at_provider(&self.shared.provider).in_operation(operation))
    }

    /// What was seen of this upstream lately: unavailable while the breaker refuses calls, else by the latest exchange. A 404
    /// comes from a working provider; a 401, 403 or 429 makes it degraded.
    #[must_use]
    pub fn health(&self) -> ProviderHealth {
        let health = self.shared.health.health(self.shared.breaker.is_open());
        ProviderHealth { budget: Some(self.shared.budget.state()), ..health }
    }

    /// Looks what other replicas have left of the budget, so that a call that follows takes from it at the first attempt.
    pub async fn prepare(&self) {
        self.shared.budget.look().await;
    }
}

#[cfg(test)]
mod tests;
