//! Where the providers' webhooks are taken.

use std::net::SocketAddr;

use crate::config::section::Section;
use crate::config::server::{ServerConfig, address, collide};
use crate::config::tls::TlsConfig;

const TLS_EXAMPLE: &str = "tls = { cert_file = \"tls.crt\", key_file = \"tls.key\" }";

/// `[webhooks]`: a listener for webhooks and the probes alone, the only one that need face the internet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhooksConfig {
    /// Where it listens; without it webhooks are taken by the main listener.
    pub listen: Option<SocketAddr>,
    /// TLS of this listener; plain HTTP when absent.
    pub tls: Option<TlsConfig>,
}

impl WebhooksConfig {
    pub(super) fn read(mut section: Section<'_>, server: &ServerConfig) -> Self {
        let config = Self {
            listen: address(&mut section, "listen"),
            tls: section.section("tls", TLS_EXAMPLE).and_then(|tls| TlsConfig::read(TlsConfig::OF_WEBHOOKS, tls)),
        };
        if section.is_sound() {
            match config.listen {
                Some(listen) if collide(listen, server.listen) => {
                    section.report("listen", "is the same as server.listen; give it another port, or leave it out");
                }
                Some(listen) if collide(listen, server.admin_listen) => {
                    section.report("listen", "is the same as server.admin_listen; give it another port");
                }
                None if config.tls.is_some() => {
                    section
                        .report("tls", "is of the listener webhooks.listen, which is not set; set it, or server.tls");
                }
                _ => {}
            }
        }
        section.finish();
        config
    }
}
