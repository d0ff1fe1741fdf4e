//! An RSA key of this run alone, and a token signed with it.

use anyhow::Result;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::tokens::Claims;

const KID: &str = "bench";

pub(crate) struct RsaKey {
    private: String,
    public: String,
}

impl RsaKey {
    pub(crate) fn generate() -> Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let private: Pkcs8V1Der<'_> = pair.as_der()?;
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
        Ok(Self { private: pem("PRIVATE KEY", private.as_ref()), public: pem("PUBLIC KEY", public.as_ref()) })
    }

    /// The public half, as `[auth] keys` names it by its file.
    pub(crate) fn public(&self) -> &str {
        &self.public
    }

    /// The line of the configuration that accepts its tokens.
    pub(crate) fn keys(file: &std::path::Path) -> String {
        format!("keys = [{{ kid = \"{KID}\", algorithm = \"RS256\", pem_file = \"{}\" }}]", file.display())
    }

    pub(crate) fn token(&self) -> Result<String> {
        let header = Header { kid: Some(KID.to_owned()), ..Header::new(Algorithm::RS256) };
        let key = EncodingKey::from_rsa_pem(self.private.as_bytes())?;
        Ok(jsonwebtoken::encode(&header, &Claims::of("bench")?, &key)?)
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
