//! From the configuration to verifiers of webhooks.

use std::sync::Arc;

use provider_huddle01::Huddle01WebhookVerifier;
use provider_realtimekit::{RealtimeKitWebhookVerifier, WebhookKeySource};
use session_provider::WebhookVerifier;

use crate::config::{ConfigError, ProviderConfig, ProviderWebhooks, PublicKey};

/// One for every provider whose webhooks are taken. Sends nothing.
///
/// # Errors
/// The key that cannot be used, under its path.
pub fn build_webhooks(configs: &[ProviderConfig]) -> Result<Vec<Arc<dyn WebhookVerifier>>, ConfigError> {
    let mut verifiers: Vec<Arc<dyn WebhookVerifier>> = Vec::new();
    for config in configs {
        let Some(webhooks) = &config.webhooks else { continue };
        let id = config.id.clone();
        let fault = |key: &str, reason: String| ConfigError::one(format!("providers.{id}.webhooks.{key}"), reason);
        verifiers.push(match webhooks {
            ProviderWebhooks::Huddle01(settings) => Arc::new(Huddle01WebhookVerifier::new(id, settings.clone())),
            ProviderWebhooks::RealtimeKit(key) => {
                let key = match key {
                    PublicKey::Pem(pem) => {
                        WebhookKeySource::fixed(pem).map_err(|error| fault("public_key_file", error.to_string()))?
                    }
                    PublicKey::Url(url) => {
                        WebhookKeySource::fetched(url).map_err(|error| fault("public_key_url", error.to_string()))?
                    }
                };
                Arc::new(RealtimeKitWebhookVerifier::new(id, key))
            }
        });
    }
    Ok(verifiers)
}
