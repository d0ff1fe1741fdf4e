//! The one place that builds HTTP clients.

use std::time::Duration;

use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder, redirect, retry};
use url::Url;

use crate::body::causes;
use crate::build_error::BuildError;
use crate::content_coding::ACCEPTED;
use crate::tls;

/// The longest a connection may take to be made, TLS included. At most three quarters of the exchange's own timeout, so that
/// it strikes first: then we know that nothing was sent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Shorter than the idle timeouts of usual load balancers, so that we rarely send into a closing connection; and short
/// enough that a changed DNS entry is noticed within a minute or so of calm.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// A client for this URL and what is below it, which goes where it is told and nowhere else: no redirects (they would
/// carry the credential along), no proxies from the environment, no retries of its own, no cookies. It keeps as many
/// connections as there may be exchanges at once: with fewer, bursts would open them anew each time.
pub(crate) fn build(url: &Url, exchange_timeout: Duration, max_concurrency: usize) -> Result<Client, BuildError> {
    // The process may have chosen a provider already; that choice stands.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    client_builder()
        .tls_backend_preconfigured(tls::config_for(url)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .retry(retry::never())
        .referer(false)
        // Bodies are decoded in `decoder`, under the cap and whatever features another crate turns on.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .connect_timeout(CONNECT_TIMEOUT.min(exchange_timeout.mul_f64(0.75)))
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .pool_max_idle_per_host(max_concurrency)
        .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(ACCEPTED))]))
        .user_agent(concat!("rollcall/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| BuildError(causes(&error)))
}

#[expect(clippy::disallowed_methods, reason = "the one place that builds clients")]
fn client_builder() -> ClientBuilder {
    Client::builder()
}
