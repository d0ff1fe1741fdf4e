//! What must hold of any webhook whatever, for `fuzz/`.

use aws_lc_rs::hmac;
use secrecy::SecretString;
use session_provider::{ProviderId, Timestamp, WebhookVerifier};

use crate::webhook::notice::WebhookBody;
use crate::webhook::stringify::stringify;
use crate::webhook::{Huddle01WebhookVerifier, Huddle01Webhooks};

const SECRET: &str = "nobody-outside-of-here-knows-it";

/// # Panics
/// When it does not hold.
pub(crate) fn probe(header: &[u8], body: &[u8], now: Timestamp) {
    let Ok(provider) = ProviderId::new("h") else { return };
    let settings =
        Huddle01Webhooks { secrets: vec![SecretString::from(SECRET)], tolerance: Huddle01Webhooks::DEFAULT_TOLERANCE };
    let verifier = Huddle01WebhookVerifier::new(provider, settings);
    assert!(verifier.check(header, body, now).is_err(), "a webhook of a stranger is taken");
    let Some(compact) = stringify(body) else { return };
    assert_eq!(stringify(compact.as_bytes()).as_deref(), Some(compact.as_str()), "the compact form is not stable");
    let Some(id) = WebhookBody::read(&compact).and_then(|read| read.id) else { return };
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()),
        format!("{id}.{}.{compact}", now.unix_ms()).as_bytes(),
    );
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let header = format!("t={},sha256={hex}", now.unix_ms());
    for text in [body, compact.as_bytes()] {
        assert!(verifier.check(header.as_bytes(), text, now).is_ok(), "what is signed is refused");
    }
}
