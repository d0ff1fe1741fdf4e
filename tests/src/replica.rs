//! A stack as one of several.

use crate::{Setup, Stack};

impl Stack {
    /// Another replica in front of the same simulators.
    ///
    /// # Panics
    /// When anything fails to start.
    pub async fn beside(&self, setup: Setup) -> Self {
        let upstreams = [self.huddle01.base_url().to_string(), self.realtimekit.base_url().to_string()];
        Self::start_with(Setup { upstreams: Some(upstreams), ..setup }).await
    }

    /// Waits until the gateway shares what it knows with other replicas, or does not.
    ///
    /// # Panics
    /// When it has no `[cluster]`.
    pub async fn shares(&self, shares: bool) {
        let mut store = self.shared_store.clone().expect("[cluster]");
        store.wait_for(|up| *up == shares).await.expect("it runs");
    }
}
