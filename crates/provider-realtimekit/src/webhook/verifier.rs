//! Whether RealtimeKit sent it.

use async_trait::async_trait;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use session_provider::{DeliveryId, Notice, ProviderId, Timestamp, WebhookRefusal, WebhookVerifier};

use crate::webhook::key_source::WebhookKeySource;
use crate::webhook::notice::WebhookBody;

/// Bytes of a signature by a key of 2048 to 8192 bits.
const SIGNATURE_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// Checks the webhooks of one RealtimeKit app. The key is of the service, not of the app: whoever has an app can have
/// something signed with it.
#[derive(Debug)]
pub struct RealtimeKitWebhookVerifier {
    provider: ProviderId,
    key: WebhookKeySource,
}

impl RealtimeKitWebhookVerifier {
    /// For the webhooks of this provider.
    #[must_use]
    pub fn new(provider: ProviderId, key: WebhookKeySource) -> Self {
        Self { provider, key }
    }
}

fn signature_of(value: &[u8]) -> Result<Vec<u8>, WebhookRefusal> {
    let signature = STANDARD.decode(value).map_err(|_| WebhookRefusal::Forged)?;
    if SIGNATURE_BYTES.contains(&signature.len()) { Ok(signature) } else { Err(WebhookRefusal::Forged) }
}

#[async_trait]
impl WebhookVerifier for RealtimeKitWebhookVerifier {
    fn provider(&self) -> &ProviderId {
        &self.provider
    }

    fn signature_headers(&self) -> &'static [&'static str] {
        &["rtk-signature", "dyte-signature"]
    }

    fn look_at(&self, signature: &[u8], _now: Timestamp) -> Result<(), WebhookRefusal> {
        signature_of(signature).map(drop)
    }

    fn check(&self, signature: &[u8], body: &[u8], _now: Timestamp) -> Result<Notice, WebhookRefusal> {
        let signature = signature_of(signature)?;
        let is_signed = self.key.with_current(|key| key.has_signed(body, &signature));
        if !is_signed.ok_or(WebhookRefusal::NoKey)? {
            return Err(WebhookRefusal::Forged);
        }
        let read = WebhookBody::read(&String::from_utf8_lossy(body));
        // `rtk-uuid` is not signed, and may change when a webhook is sent again.
        let delivery = digest::digest(&digest::SHA256, body);
        Ok(Notice {
            delivery: DeliveryId(delivery.as_ref().try_into().unwrap_or_default()),
            event: read.notice_event(),
            rooms: read.rooms,
            session: read.session,
        })
    }

    async fn renew_key(&self) -> bool {
        self.key.renew().await
    }
}
