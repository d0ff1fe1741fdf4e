//! The order of the layers, in one place.

use std::sync::Arc;

use session_provider::{Clock, Error, ProviderId};
use tower::retry::RetryLayer;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service, ServiceBuilder};

use crate::breaker::Breaker;
use crate::exchange::Exchange;
use crate::health_log::HealthLog;
use crate::layer::breaker::BreakerLayer;
use crate::layer::budget::BudgetLayer;
use crate::layer::limit::limited;
use crate::layer::observe::ObserveLayer;
use crate::layer::retry::RetryOnce;
use crate::layer::timeout::TimeoutLayer;
use crate::{Budget, Response, UpstreamSettings};

/// The stack over a sender, behind one type.
pub(crate) type Stack = BoxCloneSyncService<Exchange, Response, Error>;

/// What the layers share with the outside.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    pub(crate) provider: ProviderId,
    pub(crate) breaker: Arc<Breaker>,
    pub(crate) budget: Arc<Budget>,
    pub(crate) health: Arc<HealthLog>,
    pub(crate) clock: Clock,
}

/// Wraps whatever sends in everything that makes it bearable. From the outside in:
///
/// 1. **retry**: outermost, so that a second attempt passes every check like a first one: it may find the breaker open, it
///    is paid for, it takes a place, it has its own timeout and its own line in the metrics.
/// 2. **breaker**: before anything that costs. An open one answers at once, and takes nothing from a budget that other
///    providers share. Inside retry, so that it counts attempts, not operations.
/// 3. **budget**: before a place is taken, because a refusal by it must not make others wait or be shed. Inside the breaker,
///    because our own thrift is no failure of the provider.
/// 4. **limit**: takes a place last of all refusals, so that places are held only by exchanges that are really made. What it
///    sheds is put back into the budget.
/// 5. **timeout**: inside the limit, where nobody queues, so that the time is the exchange's own and an exchange that hangs
///    gives its place back in time. Its errors are seen by the breaker and by retry.
/// 6. **observe**: next to the network, so that it counts what the provider sees and nothing else. Under the timeout it sees
///    a cut-off exchange being dropped, and calls it by its name.
/// 7. the sender, which classifies.
pub(crate) fn stack<S>(sender: S, settings: &UpstreamSettings, shared: &Shared) -> Stack
where
    S: Service<Exchange, Response = Response, Error = Error> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let observed = ObserveLayer::new(shared.provider.clone(), Arc::clone(&shared.health), shared.clock).layer(sender);
    let timed = TimeoutLayer::new(settings.timeout).layer(observed);
    let limited = limited(timed, settings.max_concurrency);
    BoxCloneSyncService::new(
        ServiceBuilder::new()
            .layer(RetryLayer::new(RetryOnce::new()))
            .layer(BreakerLayer::new(Arc::clone(&shared.breaker), shared.provider.clone()))
            .layer(BudgetLayer::new(Arc::clone(&shared.budget)))
            .service(limited),
    )
}

#[cfg(test)]
mod tests;
