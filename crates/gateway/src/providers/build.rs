//! From the configuration to providers that can be asked.

use std::sync::Arc;

use provider_huddle01::Huddle01;
use provider_realtimekit::RealtimeKit;
use session_provider::{Clock, SessionProvider};
use upstream_http::Budgets;

use crate::config::{Account, ConfigError, ProviderConfig};
use crate::providers::Providers;

/// Sets every configured provider up; those with one credential share one of these budgets. Sends nothing.
///
/// # Errors
/// The provider that cannot be set up, under its key.
pub fn build(configs: &[ProviderConfig], budgets: &Budgets, clock: Clock) -> Result<Providers, ConfigError> {
    let mut providers: Vec<Arc<dyn SessionProvider>> = Vec::with_capacity(configs.len());
    for config in configs {
        let id = config.id.clone();
        let provider: Arc<dyn SessionProvider> = match &config.account {
            Account::Huddle01(account) => {
                Arc::new(Huddle01::new(id, account.clone(), budgets, clock).map_err(|error| fault(config, &error))?)
            }
            Account::RealtimeKit(account) => {
                Arc::new(RealtimeKit::new(id, account.clone(), budgets, clock).map_err(|error| fault(config, &error))?)
            }
        };
        providers.push(provider);
    }
    Ok(Providers::new(providers, clock))
}

fn fault(config: &ProviderConfig, error: &upstream_http::BuildError) -> ConfigError {
    ConfigError::one(format!("providers.{}", config.id), error.to_string())
}
