//! Who a listener says it is.

use std::path::PathBuf;

use crate::config::section::Section;

/// `server.tls` or `webhooks.tls`: the listener speaks TLS. The files are read where they are used, and again when they change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsConfig {
    /// The path of this table.
    pub table: &'static str,
    /// PEM: the certificate and those between it and its root.
    pub cert_file: PathBuf,
    /// PEM: the private key of the certificate (PKCS#8, PKCS#1 or SEC1).
    pub key_file: PathBuf,
    /// PEM: the roots one of which has to vouch for the certificate that each client must show; `None` asks for none.
    pub client_ca_file: Option<PathBuf>,
}

impl TlsConfig {
    /// That of the public listener.
    pub const OF_SERVER: &'static str = "server.tls";
    /// That of the listener of webhooks.
    pub const OF_WEBHOOKS: &'static str = "webhooks.tls";

    pub(super) fn read(table: &'static str, mut section: Section<'_>) -> Option<Self> {
        let cert_file = section.required_path("cert_file", "tls.crt");
        let key_file = section.required_path("key_file", "tls.key");
        let client_ca_file = section.path("client_ca_file");
        section.finish();
        Some(Self { table, cert_file: cert_file?, key_file: key_file?, client_ca_file })
    }
}
