//! Whom a `rediss://` store must be vouched for by.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_rustls::TlsConnector;

use crate::config::ConfigError;

/// Made once: reading whom the system trusts takes milliseconds.
pub(crate) fn connector(authorities: Option<&[u8]>) -> Result<TlsConnector, ConfigError> {
    // The process may have said so already; the same is said everywhere.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = match authorities {
        None => ClientConfig::with_platform_verifier()
            .map_err(|error| ConfigError::new("authorities", format!("of the system cannot be read: {error}")))?,
        Some(pem) => ClientConfig::builder().with_root_certificates(roots(pem)?).with_no_client_auth(),
    };
    Ok(TlsConnector::from(Arc::new(config)))
}

fn roots(pem: &[u8]) -> Result<RootCertStore, ConfigError> {
    let wrong = |what: String| ConfigError::new("authorities", what);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| wrong(format!("are not PEM: {error}")))?;
        roots.add(certificate).map_err(|error| wrong(format!("hold a certificate that cannot be used: {error}")))?;
    }
    if roots.is_empty() {
        return Err(wrong("hold no certificate".to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_that_vouch_for_nobody_are_refused() {
        for (pem, part) in [
            ("", "no certificate"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "cannot be used"),
            ("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "not PEM"),
        ] {
            let Err(error) = connector(Some(pem.as_bytes())) else { panic!("{pem:?} is taken") };
            assert_eq!(error.at, "authorities");
            assert!(error.what.contains(part), "{error}");
        }
    }
}
