//! The providers by id.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use session_provider::{Clock, ProviderId, SessionProvider};

use crate::providers::guarded::Guarded;

/// A provider that may be asked: its operations end by their deadline, do not panic, and fail with errors that name the
/// provider and the operation. There is no way to one that is not guarded like this. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Provider(Arc<dyn SessionProvider>);

impl Provider {
    #[must_use]
    pub fn new(inner: Arc<dyn SessionProvider>, clock: Clock) -> Self {
        Self(Arc::new(Guarded::new(inner, clock)))
    }
}

impl From<Provider> for Arc<dyn SessionProvider> {
    /// The provider, guarded as it is.
    fn from(provider: Provider) -> Self {
        provider.0
    }
}

impl Deref for Provider {
    type Target = dyn SessionProvider;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// Every configured provider, in the order of their ids. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Providers(Arc<BTreeMap<ProviderId, Provider>>);

impl Providers {
    /// Takes the providers; of two with one id the last stays.
    #[must_use]
    pub fn new(providers: impl IntoIterator<Item = Arc<dyn SessionProvider>>, clock: Clock) -> Self {
        let guard = |provider: Arc<dyn SessionProvider>| (provider.id().clone(), Provider::new(provider, clock));
        Self(Arc::new(providers.into_iter().map(guard).collect()))
    }

    /// The provider of that id. A text that is no id is the id of none.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.values()
    }

    pub fn ids(&self) -> impl Iterator<Item = ProviderId> {
        self.0.keys().cloned()
    }
}
