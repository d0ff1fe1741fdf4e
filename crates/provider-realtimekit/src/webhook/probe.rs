//! What must hold of any webhook whatever, for `fuzz/`.

use session_provider::{ProviderId, Timestamp, WebhookVerifier};

use crate::webhook::key::WebhookKey;
use crate::webhook::notice::WebhookBody;
use crate::webhook::{RealtimeKitWebhookVerifier, WebhookKeySource};

/// Nobody here has its private half.
const KEY: &str = include_str!("../../../../tests/fixtures/realtimekit/other-public-key.pem");

/// # Panics
/// When it does not hold.
pub(crate) fn probe(header: &[u8], body: &[u8]) {
    let (Ok(provider), Ok(key)) = (ProviderId::new("r"), WebhookKeySource::fixed(KEY)) else { return };
    let verifier = RealtimeKitWebhookVerifier::new(provider, key);
    assert!(verifier.check(header, body, Timestamp::LATEST).is_err(), "a webhook of a stranger is taken");
    let text = String::from_utf8_lossy(body);
    let read = WebhookBody::read(&text);
    assert!(read.rooms.len() <= 4, "{read:?}");
    // A key document and a key file are strangers' bytes, too.
    let _ = (WebhookKey::from_document(body), WebhookKey::from_pem(&text));
}
