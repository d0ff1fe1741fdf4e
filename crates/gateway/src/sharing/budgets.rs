//! Where the budgets lie that all replicas share.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use coordination::{BudgetEntry, Cluster, Name, Swapped};
use upstream_http::{BudgetStore, BudgetSwap};

/// A budget that nobody has used for so long is full again, or nearly.
const KEPT_FOR: Duration = Duration::from_secs(24 * 3600);

/// The budgets in the store.
#[derive(Debug)]
pub(super) struct SharedBudgets(Cluster);

impl SharedBudgets {
    pub(super) fn new(cluster: Cluster) -> Self {
        Self(cluster)
    }
}

#[async_trait]
impl BudgetStore for SharedBudgets {
    async fn swap(&self, credential: &[u8; 32], version: u64, state: Bytes) -> Option<BudgetSwap> {
        Some(match self.0.swap(Name::of([&credential[..]]), version, state, KEPT_FOR).await? {
            Swapped::Yes { version } => BudgetSwap::Done { version },
            Swapped::No(BudgetEntry { version, age, state }) => BudgetSwap::Other { version, age, state },
        })
    }

    fn replicas(&self) -> u32 {
        self.0.replicas()
    }
}
