//! A certificate with its key, as files have them, and what rustls makes of them.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use session_provider::Timestamp;
use tokio::io::AsyncReadExt;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::config::{TlsConfig, unreadable};
use crate::digest::{Digest, Digester};

/// The largest file that is read; a bundle of every public root is a quarter of it.
const MAX_FILE: u64 = 1 << 20;

/// What TLS clients may go on with, best first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// What is wrong with one of the files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table}.{key}: {reason}")]
pub struct CertificateError {
    /// The table of the configuration that names the files.
    pub table: &'static str,
    /// The key of it that names the file.
    pub key: &'static str,
    /// What is wrong with it. Holds nothing of its content.
    pub reason: String,
}

/// The content of the files.
pub(super) struct Files {
    cert: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

/// What connections are accepted with.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    /// When the first certificate of the chain expires.
    pub(super) expires: Timestamp,
}

impl Files {
    /// Reads them, off the runtime's threads.
    ///
    /// # Errors
    /// The first that cannot be read.
    pub(super) async fn read(config: &TlsConfig) -> Result<Self, CertificateError> {
        Ok(Self {
            cert: read("cert_file", &config.cert_file).await?,
            key: read("key_file", &config.key_file).await?,
            client_ca: match &config.client_ca_file {
                Some(file) => Some(read("client_ca_file", file).await?),
                None => None,
            },
        })
    }

    /// Tells one content from another.
    pub(super) fn digest(&self) -> Digest {
        let mut digester = Digester::new();
        digester.add(&self.cert);
        digester.add(&self.key);
        digester.add(self.client_ca.as_deref().unwrap_or_default());
        digester.finish()
    }

    /// What rustls makes of them.
    ///
    /// # Errors
    /// What does not hold what it should, or a key that is not the certificate's.
    pub(super) fn identity(&self) -> Result<Identity, CertificateError> {
        let chain = certificates("cert_file", &self.cert)?;
        let expires = expiry(&chain).ok_or_else(|| fault("cert_file", "holds a certificate that cannot be read"))?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| fault("key_file", "holds no private key in PEM (PKCS#8, PKCS#1 or SEC1, not encrypted)"))?;
        let builder = ServerConfig::builder();
        let builder = match &self.client_ca {
            None => builder.with_no_client_auth(),
            Some(text) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates("client_ca_file", text)? {
                    let added = roots.add(certificate);
                    added.map_err(|_| fault("client_ca_file", "holds a certificate that can be no root"))?;
                }
                let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build();
                builder.with_client_cert_verifier(verifier.map_err(|error| fault("client_ca_file", error.to_string()))?)
            }
        };
        let mut config = builder.with_single_cert(chain, key).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => fault("key_file", "is not the key of the certificate in cert_file"),
            error => fault("cert_file", format!("cannot be used with the key in key_file: {error}")),
        })?;
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Identity { config: Arc::new(config), expires })
    }
}

fn fault(key: &'static str, reason: impl Into<String>) -> CertificateError {
    CertificateError { table: TlsConfig::OF_SERVER, key, reason: reason.into() }
}

async fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, CertificateError> {
    let failed =
        |error: std::io::Error| fault(key, format!("{} cannot be read: {}", path.display(), unreadable(&error)));
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut content = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut content).await.map_err(failed)?;
    if content.len() as u64 > MAX_FILE {
        return Err(fault(key, format!("{} is larger than a MiB", path.display())));
    }
    Ok(content)
}

fn certificates(key: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(fault(key, "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")),
    }
}

/// When the first of the chain expires; `None` when one cannot be read.
fn expiry(chain: &[CertificateDer<'_>]) -> Option<Timestamp> {
    let seconds = |der: &CertificateDer<'_>| {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        Some(certificate.validity().not_after.timestamp())
    };
    let all: Option<Vec<i64>> = chain.iter().map(seconds).collect();
    Timestamp::from_unix_ms(all?.into_iter().min()?.checked_mul(1000)?)
}
