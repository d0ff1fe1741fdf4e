//! TLS of a listener, with files that are read again when they change.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use session_provider::{Clock, Timestamp};
use tokio::net::TcpStream;
use tokio::time::interval;
use tokio_rustls::{Accept, TlsAcceptor};
use tokio_util::sync::CancellationToken;

use crate::config::TlsConfig;
use crate::digest::Digest;
use crate::server::certificate::{CertificateError, Files, Identity};
use crate::telemetry::metrics as names;

/// How often the files are looked at. Their content is compared, not their times: a mounted secret changes by links.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Who a listener is, now. Cheap to clone; clones change together.
#[derive(Debug, Clone)]
pub struct Tls {
    files: Arc<TlsConfig>,
    current: Arc<ArcSwap<Identity>>,
    /// What was found at the last look.
    seen: Result<Digest, CertificateError>,
}

impl Tls {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// What is wrong with them.
    pub async fn load(config: &TlsConfig) -> Result<Self, CertificateError> {
        let of_table = |error| CertificateError { table: config.table, ..error };
        let files = Files::read(config).await.map_err(of_table)?;
        let current = Arc::new(ArcSwap::from_pointee(files.identity().map_err(of_table)?));
        Ok(Self { files: Arc::new(config.clone()), current, seen: Ok(files.digest()) })
    }

    /// When the certificate expires, or the first of those that it depends on.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.current.load().expires
    }

    /// Begins the handshake on an accepted connection.
    pub(super) fn accept(&self, socket: TcpStream) -> Accept<TcpStream> {
        TlsAcceptor::from(self.current.load().config.clone()).accept(socket)
    }

    /// Looks at the files every few seconds, until `stop`.
    pub async fn keep_up(mut self, clock: Clock, stop: CancellationToken) {
        self.tell_expiry(clock);
        let mut ticks = interval(LOOK_EVERY);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let Some(changed) = stop.run_until_cancelled(self.look()).await else { break };
            match changed {
                Ok(false) => {}
                Ok(true) => {
                    tracing::info!(
                        table = self.files.table,
                        "the files of TLS have changed; new connections get the new certificate"
                    );
                    self.tell_expiry(clock);
                }
                Err(error) => {
                    tracing::error!(table = self.files.table, %error, "the files of TLS have changed and cannot be used; the certificate of before stays in force")
                }
            }
        }
    }

    /// Reads the files and takes them if they have changed. Answers whether they have.
    ///
    /// # Errors
    /// What is wrong with them, the first time that it is seen.
    pub(super) async fn look(&mut self) -> Result<bool, CertificateError> {
        let files = Files::read(&self.files).await;
        let seen = files.as_ref().map(Files::digest).map_err(Clone::clone);
        if seen == self.seen {
            return Ok(false);
        }
        self.seen = seen;
        self.current.store(Arc::new(files?.identity()?));
        Ok(true)
    }

    fn tell_expiry(&self, clock: Clock) {
        let (expires, table) = (self.expires(), self.files.table);
        let listener = if table == TlsConfig::OF_WEBHOOKS { "webhooks" } else { "public" };
        // Seconds since 1970 stay whole in a float for longer than certificates last.
        metrics::gauge!(names::CERTIFICATE_EXPIRY, "listener" => listener).set(expires.unix_seconds() as f64);
        if expires <= clock.now() {
            tracing::error!(table, %expires, "the certificate has expired");
        } else {
            tracing::info!(table, %expires, "the certificate is good");
        }
    }
}
