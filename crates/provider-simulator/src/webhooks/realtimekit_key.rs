//! The key pair of a simulated RealtimeKit.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// An RSA key of 2048 bits, new for each simulator.
pub(crate) struct RealtimeKitKey(KeyPair);

impl RealtimeKitKey {
    #[expect(clippy::expect_used, reason = "fails only without memory or randomness, and a simulator is for tests")]
    pub(super) fn generate() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).expect("an RSA key"))
    }

    /// The public half: SPKI in PEM.
    #[expect(clippy::expect_used, reason = "a key that was just made can be written")]
    pub(crate) fn public_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().expect("a public key");
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", lines.join("\n"))
    }

    /// PKCS#1 v1.5 with SHA-256 over the body, in base64.
    #[expect(clippy::expect_used, reason = "the buffer has the length of the key")]
    pub(super) fn sign(&self, body: &[u8]) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut signature).expect("a signature");
        STANDARD.encode(signature)
    }
}
