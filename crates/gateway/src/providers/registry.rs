//! The providers by id.

use std::collections::BTreeMap;
use std::sync::Arc;

use session_provider::{ProviderId, SessionProvider};

/// Every configured provider, in the order of their ids. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Providers(Arc<BTreeMap<ProviderId, Arc<dyn SessionProvider>>>);

impl Providers {
    /// Takes the providers; of two with one id the last stays.
    #[must_use]
    pub fn new(providers: impl IntoIterator<Item = Arc<dyn SessionProvider>>) -> Self {
        Self(Arc::new(providers.into_iter().map(|provider| (provider.id().clone(), provider)).collect()))
    }

    /// The provider of that id.
    #[must_use]
    pub fn get(&self, id: &ProviderId) -> Option<&Arc<dyn SessionProvider>> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn SessionProvider>> {
        self.0.values()
    }

    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = ProviderId> {
        self.0.keys().cloned()
    }
}
