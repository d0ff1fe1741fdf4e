//! Whether Huddle01 sent it.

use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::{constant_time, digest, hmac};
use secrecy::{ExposeSecret, SecretString};
use session_provider::{DeliveryId, Notice, ProviderId, Timestamp, WebhookRefusal, WebhookVerifier};

use crate::webhook::notice::WebhookBody;
use crate::webhook::signature::Signature;
use crate::webhook::stringify::stringify;

/// How far ahead of our clock theirs may be.
const MOST_AHEAD: Duration = Duration::from_secs(60);

/// What the operator says of a project's webhooks.
#[derive(Debug, Clone)]
pub struct Huddle01Webhooks {
    /// Any one of them may have signed. Huddle01 signs with the API key.
    pub secrets: Vec<SecretString>,
    /// How old a signature may be.
    pub tolerance: Duration,
}

impl Huddle01Webhooks {
    /// How old a signature may be when nothing else is said, as the documented sample has it.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(300);
}

/// Checks the webhooks of one Huddle01 project.
#[derive(Debug)]
pub struct Huddle01WebhookVerifier {
    provider: ProviderId,
    settings: Huddle01Webhooks,
}

impl Huddle01WebhookVerifier {
    /// For the webhooks of this provider.
    #[must_use]
    pub fn new(provider: ProviderId, settings: Huddle01Webhooks) -> Self {
        Self { provider, settings }
    }

    /// The signature in the header, if it is one and timely.
    fn timely<'a>(&self, signature: &'a [u8], now: Timestamp) -> Result<Signature<'a>, WebhookRefusal> {
        let signature = Signature::read(signature).ok_or(WebhookRefusal::Forged)?;
        let is_old = now.since(signature.at) > self.settings.tolerance;
        let is_ahead = signature.at.since(now) > MOST_AHEAD;
        if is_old || is_ahead { Err(WebhookRefusal::Untimely) } else { Ok(signature) }
    }

    /// Whether one of the secrets has signed `<id>.<t>.<text>`.
    fn has_signed(&self, signature: &Signature<'_>, id: &str, text: &[u8]) -> bool {
        self.settings.secrets.iter().any(|secret| {
            let key = hmac::Key::new(signature.algorithm, secret.expose_secret().as_bytes());
            let mut context = hmac::Context::with_key(&key);
            for part in [id.as_bytes(), b".", signature.t.as_bytes(), b".", text] {
                context.update(part);
            }
            constant_time::verify_slices_are_equal(context.sign().as_ref(), &signature.tag).is_ok()
        })
    }
}

#[async_trait]
impl WebhookVerifier for Huddle01WebhookVerifier {
    fn provider(&self) -> &ProviderId {
        &self.provider
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["huddle01-signature"]
    }

    fn look_at(&self, signature: &[u8], now: Timestamp) -> Result<(), WebhookRefusal> {
        self.timely(signature, now).map(drop)
    }

    fn check(&self, signature: &[u8], body: &[u8], now: Timestamp) -> Result<Notice, WebhookRefusal> {
        let signature = self.timely(signature, now)?;
        let text = String::from_utf8_lossy(body);
        let read = WebhookBody::read(text.strip_prefix('\u{feff}').unwrap_or(&text));
        let Some((id, read)) = read.and_then(|read| Some((read.id.clone()?, read))) else {
            return Err(WebhookRefusal::Forged);
        };
        // What is signed is the compact form, which a body usually is already.
        let is_signed = self.has_signed(&signature, &id, body)
            || stringify(body).is_some_and(|compact| self.has_signed(&signature, &id, compact.as_bytes()));
        if !is_signed {
            return Err(WebhookRefusal::Forged);
        }
        let id = digest::digest(&digest::SHA256, id.as_bytes());
        Ok(Notice {
            delivery: DeliveryId(id.as_ref().try_into().unwrap_or_default()),
            event: read.notice_event(),
            rooms: read.room.into_iter().collect(),
            session: read.session,
        })
    }
}
