//! Where the gateway listens and how long things may take.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use url::Url;

use crate::config::section::Section;
use crate::config::tls::TlsConfig;
use crate::time_budget::TimeBudget;

const TLS_EXAMPLE: &str = "tls = { cert_file = \"tls.crt\", key_file = \"tls.key\" }";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    pub listen: SocketAddr,
    /// The operator's listener: `/metrics`, `/healthz`, `/readyz`.
    pub admin_listen: SocketAddr,
    /// The whole time a request may take.
    pub request_timeout: Duration,
    /// How long requests under way may go on after SIGTERM.
    pub drain_timeout: Duration,
    /// Exact origins that browsers may call from; empty is no CORS.
    pub cors_origins: Vec<String>,
    /// Whether `/` of the public listener is the board.
    pub board: bool,
    /// TLS of the public listener; plain HTTP when absent.
    pub tls: Option<TlsConfig>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 9090)),
            request_timeout: Duration::from_secs(6),
            drain_timeout: Duration::from_secs(25),
            cors_origins: Vec::new(),
            board: true,
            tls: None,
        }
    }
}

impl ServerConfig {
    /// How the time of a request is shared out.
    #[must_use]
    pub fn time(&self) -> TimeBudget {
        TimeBudget::new(self.request_timeout)
    }

    pub(super) fn read(mut section: Section<'_>) -> Self {
        let default = Self::default();
        let config = Self {
            listen: address(&mut section, "listen").unwrap_or(default.listen),
            admin_listen: address(&mut section, "admin_listen").unwrap_or(default.admin_listen),
            request_timeout: section.duration("request_timeout", default.request_timeout),
            drain_timeout: section.duration("drain_timeout", default.drain_timeout),
            cors_origins: section.texts("cors_origins"),
            board: section.boolean("board", default.board),
            tls: section.section("tls", TLS_EXAMPLE).and_then(|tls| TlsConfig::read(TlsConfig::OF_SERVER, tls)),
        };
        if section.is_sound() && collide(config.listen, config.admin_listen) {
            section.report("admin_listen", "is the same as server.listen; give it another port");
        }
        if !config.cors_origins.iter().all(|origin| is_exact_origin(origin)) {
            let reason = "must hold exact origins: http or https, a host, perhaps a port, nothing after it and no \
                          wildcard, for example [\"https://app.example.com\"]";
            section.report("cors_origins", reason);
        }
        section.finish();
        config
    }
}

pub(super) fn address(section: &mut Section<'_>, key: &'static str) -> Option<SocketAddr> {
    section.parsed(key, "an IP address and a port, for example \"127.0.0.1:8080\" or \"0.0.0.0:8080\"", |value| {
        value.text()?.trim().parse().ok()
    })
}

/// Whether both cannot be bound at once. Port 0 means any free port, so two of them never collide.
pub(super) fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = |ip: IpAddr| ip.is_unspecified();
    one.port() != 0 && one.port() == other.port() && (one.ip() == other.ip() || covers(one.ip()) || covers(other.ip()))
}

fn is_exact_origin(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host().is_some() && url.origin().ascii_serialization() == text
    })
}
