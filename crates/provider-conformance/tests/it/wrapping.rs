//! What stands around a provider when the suite asks it.

use std::fmt;
use std::sync::Arc;

use gateway::providers::Provider;
use session_provider::{Clock, SessionProvider};

/// Puts something around a provider, or nothing.
#[derive(Clone, Copy)]
pub(crate) struct Wrapping(pub(crate) fn(Arc<dyn SessionProvider>) -> Arc<dyn SessionProvider>);

impl fmt::Debug for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wrapping")
    }
}

pub(crate) const BARE: Wrapping = Wrapping(|provider| provider);

/// The provider as the gateway asks it.
pub(crate) const GUARDED: Wrapping = Wrapping(|provider| Provider::new(provider, Clock::system()).into());
