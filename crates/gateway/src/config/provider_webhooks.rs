//! What is needed to check a provider's webhooks.

use provider_huddle01::Huddle01Webhooks;
use provider_realtimekit::WebhookKeySource;
use secrecy::SecretString;
use upstream_http::Fetcher;

use crate::config::secret;
use crate::config::section::Section;

const EXAMPLE: &str = "webhooks = {}";

/// A provider's webhooks, by the service it is at. The table is there: they are taken.
#[derive(Debug, Clone)]
pub enum ProviderWebhooks {
    Huddle01(Huddle01Webhooks),
    RealtimeKit(PublicKey),
}

/// Where the key is that RealtimeKit's webhooks are checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// PEM, checked.
    Pem(String),
    /// Of the document that holds it, checked to be one that may be fetched from.
    Url(String),
}

/// The table of a huddle01 provider with this key.
pub(super) fn read_huddle01(section: &mut Section<'_>, api_key: Option<&SecretString>) -> Option<ProviderWebhooks> {
    let mut table = section.section("webhooks", EXAMPLE)?;
    for key in ["public_key_file", "public_key_url"] {
        table.refuse(key, "belongs to kind \"realtimekit\"; huddle01 signs with a secret");
    }
    let secrets = if table.has("secrets") {
        for key in ["secret", "secret_file"] {
            table.refuse(key, "is given, and secrets too; keep one of them");
        }
        several(&mut table)
    } else {
        table.knows("secrets");
        let given = table.has("secret") || table.has("secret_file");
        let secret = table.secret("secret", "secret_file");
        if given { secret } else { api_key.cloned() }.into_iter().collect()
    };
    let tolerance = table.duration("tolerance", Huddle01Webhooks::DEFAULT_TOLERANCE);
    table.finish();
    Some(ProviderWebhooks::Huddle01(Huddle01Webhooks { secrets, tolerance }))
}

fn several(table: &mut Section<'_>) -> Vec<SecretString> {
    let texts = table.texts("secrets");
    if texts.is_empty() && table.is_sound() {
        table.report("secrets", "is empty, so nothing could be signed; leave it out to take the API key");
    }
    let mut secrets = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        match secret::visible(text) {
            Ok(secret) => secrets.push(secret),
            Err(reason) => table.report(&format!("secrets[{index}]"), reason),
        }
    }
    secrets
}

/// The table of a realtimekit provider.
pub(super) fn read_realtimekit(section: &mut Section<'_>) -> Option<ProviderWebhooks> {
    let mut table = section.section("webhooks", EXAMPLE)?;
    for key in ["secret", "secret_file", "secrets", "tolerance"] {
        table.refuse(key, "belongs to kind \"huddle01\"; realtimekit signs with a private key, and no time is signed");
    }
    if table.has("public_key_file") && table.has("public_key_url") {
        table.report("public_key_url", "is given, and public_key_file too; keep one of them");
    }
    let pem = table.file("public_key_file").map(|pem| pem.trim_start_matches('\u{feff}').to_owned());
    let url = table.text("public_key_url");
    let key = match (pem, url) {
        (Some(pem), _) => {
            if let Err(error) = WebhookKeySource::fixed(&pem) {
                table.report("public_key_file", error.to_string());
            }
            PublicKey::Pem(pem)
        }
        (None, url) => {
            let url = url.unwrap_or_else(|| WebhookKeySource::DEFAULT_URL.to_owned());
            if let Err(error) = Fetcher::check(&url) {
                table.report("public_key_url", error.to_string());
            }
            PublicKey::Url(url)
        }
    };
    table.finish();
    Some(ProviderWebhooks::RealtimeKit(key))
}
