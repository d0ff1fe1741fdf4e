//! What webhooks are signed with.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::webhooks::realtimekit_key::RealtimeKitKey;

/// The secret before the simulated Huddle01 has been called with any key.
const FIRST_SECRET: &str = "demo";

/// The signing side of one simulator. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Signing(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// The API key of the latest call that was let in. The real service has one key per project; here any is good, so
    /// whoever calls with one expects webhooks that are signed with it.
    api_key: Mutex<Option<String>>,
    /// Made when it is first needed: that takes a moment.
    key: OnceLock<RealtimeKitKey>,
    key_fetches: AtomicU64,
}

impl Signing {
    pub(crate) fn called_with(&self, api_key: &str) {
        let mut known = self.0.api_key.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_deref() != Some(api_key) {
            *known = Some(api_key.to_owned());
        }
    }

    pub(crate) fn huddle01_secret(&self) -> String {
        let known = self.0.api_key.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone().unwrap_or_else(|| FIRST_SECRET.to_owned())
    }

    pub(crate) fn realtimekit_key(&self) -> &RealtimeKitKey {
        self.0.key.get_or_init(RealtimeKitKey::generate)
    }

    pub(crate) fn count_key_fetch(&self) {
        self.0.key_fetches.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn key_fetches(&self) -> u64 {
        self.0.key_fetches.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signing(..)")
    }
}
