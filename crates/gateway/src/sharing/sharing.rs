//! The replica's part, by provider.

use std::sync::Arc;

use ahash::HashMap;
use coordination::{Cluster, Name, Scope};
use session_provider::ProviderId;
use upstream_http::Budgets;

use crate::config::ProviderConfig;
use crate::sharing::budgets::SharedBudgets;
use crate::sharing::scope;

/// The replica's part, and the account of every provider. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sharing {
    cluster: Cluster,
    scopes: Arc<HashMap<ProviderId, Scope>>,
}

impl Sharing {
    /// Of these providers, over this store's cluster.
    pub(crate) fn new(cluster: Cluster, providers: &[ProviderConfig]) -> Self {
        let scopes = providers.iter().map(|provider| (provider.id.clone(), scope(provider))).collect();
        Self { cluster, scopes: Arc::new(scopes) }
    }

    /// Of providers with these scopes.
    #[cfg(test)]
    pub(crate) fn of(cluster: Cluster, scopes: impl IntoIterator<Item = (ProviderId, Scope)>) -> Self {
        Self { cluster, scopes: Arc::new(scopes.into_iter().collect()) }
    }

    /// Budgets that all replicas have together.
    pub(crate) fn budgets(&self) -> Budgets {
        Budgets::shared(Arc::new(SharedBudgets::new(self.cluster.clone())))
    }

    pub(crate) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// What is asked by this replica and all others of its deployment: their accounts, whatever they are called. Frozen.
    pub(crate) fn deployment(&self) -> Name {
        let mut accounts: Vec<_> = self.scopes.values().map(|scope| scope.0.to_string()).collect();
        accounts.sort();
        accounts.dedup();
        Name::of(accounts.iter().map(String::as_bytes))
    }

    /// The account that a provider is.
    pub(crate) fn scope(&self, provider: &ProviderId) -> Option<Scope> {
        self.scopes.get(provider).copied()
    }

    /// Where the events of a provider are that all replicas tell: of the account, under the id that it has here, which is
    /// part of every event. Frozen.
    pub(crate) fn events_scope(&self, provider: &ProviderId) -> Option<Scope> {
        let account = self.scope(provider)?.0.to_string();
        Some(Scope(Name::of(["events", &account, provider.as_str()].map(str::as_bytes))))
    }

    /// The providers that are one account.
    pub(crate) fn providers(&self, scope: Scope) -> impl Iterator<Item = &ProviderId> {
        self.scopes.iter().filter(move |(_, of)| **of == scope).map(|(provider, _)| provider)
    }

    /// Waits until the other replicas can know what has changed at the provider, or the store is away.
    pub(crate) async fn tell_now(&self, provider: &ProviderId) {
        if let Some(scope) = self.scope(provider) {
            self.cluster.say_now(scope).await;
        }
    }
}
