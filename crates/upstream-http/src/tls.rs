//! Whose certificates a client accepts.

use std::sync::OnceLock;

use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use url::Url;

use crate::build_error::BuildError;

/// What the system trusts, read once per process: it is some hundred kilobytes of text, and every client needs the same.
static SYSTEM: OnceLock<ClientConfig> = OnceLock::new();

/// For a client of this URL alone. One of an `http` URL, which is never led elsewhere, trusts nobody.
///
/// # Errors
/// [`BuildError`] when the system trusts nobody, for an `https` URL.
pub(crate) fn config_for(url: &Url) -> Result<ClientConfig, BuildError> {
    if url.scheme() != "https" {
        return Ok(ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    if let Some(config) = SYSTEM.get() {
        return Ok(config.clone());
    }
    let mut config = ClientConfig::with_platform_verifier().map_err(|error| BuildError(error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(SYSTEM.get_or_init(|| config).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_http_2_is_offered_before_http_1() {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let config = config_for(&"https://api.example/v2".parse().unwrap()).unwrap();
        assert_eq!(config.alpn_protocols, [b"h2".as_slice(), b"http/1.1"]);
    }
}
