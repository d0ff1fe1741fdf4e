//! Which budget belongs to which credential.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::join_all;

use crate::Credential;
use crate::budget::settings::BudgetSettings;
use crate::budget::shared::BudgetStore;
use crate::budget::upstream_budget::Budget;
use crate::credential::Fingerprint;

/// All budgets of the process: providers with the same credential share one.
///
/// Credentials are told apart by a fingerprint; no second copy of a secret is kept.
#[derive(Debug, Default)]
pub struct Budgets {
    by_credential: Mutex<HashMap<Fingerprint, Arc<Budget>>>,
    store: Option<Arc<dyn BudgetStore>>,
}

impl Budgets {
    /// Budgets that lie in this store, for all replicas.
    #[must_use]
    pub fn shared(store: Arc<dyn BudgetStore>) -> Self {
        Self { by_credential: Mutex::default(), store: Some(store) }
    }

    /// Tells other replicas what happens here, until dropped. For the budgets that there are by now.
    pub async fn keep_saying(&self) {
        let budgets: Vec<_> =
            self.by_credential.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        join_all(budgets.iter().map(|budget| budget.keep_saying())).await;
    }

    /// The budget of this credential, made with `settings` if it is the first to ask.
    #[must_use]
    pub fn of(&self, credential: &Credential, settings: BudgetSettings) -> Arc<Budget> {
        let mut budgets = self.by_credential.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(budgets.entry(credential.fingerprint()).or_insert_with(|| {
            Arc::new(match &self.store {
                None => Budget::new(settings),
                Some(store) => Budget::shared(Arc::clone(store), credential.fingerprint(), settings),
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use session_provider::Intent;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn equal_credentials_share_a_budget_and_others_do_not() {
        let settings = |requests| BudgetSettings { requests, per: Duration::from_secs(1) };
        let budgets = Budgets::default();
        let of = |secret: &str, requests| budgets.of(&Credential::Bearer(secret.into()), settings(requests));
        let one = of("a", 10);
        one.take(Intent::Read, None).unwrap();
        assert_eq!(of("a", 99).state().remaining, 9);
        assert_eq!(of("b", 99).state().remaining, 99);
    }

    #[test]
    fn the_secret_is_not_in_what_is_kept() {
        let budgets = Budgets::default();
        let settings = BudgetSettings { requests: 10, per: Duration::from_secs(1) };
        let _ = budgets.of(&Credential::Bearer("hunter2".into()), settings);
        assert!(!format!("{budgets:?}").contains("hunter2"));
    }
}
