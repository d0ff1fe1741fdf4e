//! The key server over HTTP.

use async_trait::async_trait;
use bytes::Bytes;
use upstream_http::{BoundedFetchSettings, Fetcher};
use url::{Host, Url};

use crate::AuthSetupError;
use crate::jwks::KeyFetcher;

/// Whether keys may be fetched from there: https, or http on loopback, without credentials or a fragment.
#[must_use]
pub fn is_safe_key_server(url: &Url) -> bool {
    let on_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return false,
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && (url.scheme() == "https" || (url.scheme() == "http" && on_loopback))
}

/// The largest document that is read, in bytes: a hundred RSA keys of 4096 bits with their certificates take 400 KiB.
const MAX_DOCUMENT_BYTES: usize = 1024 * 1024;

/// No redirects, https unless on loopback, one try that is bounded in time: as [`Fetcher`] does it.
pub(crate) fn fetcher(key: &str, url: &Url) -> Result<Box<dyn KeyFetcher>, AuthSetupError> {
    let settings = BoundedFetchSettings { max_body_bytes: MAX_DOCUMENT_BYTES, ..BoundedFetchSettings::default() };
    let fetcher = Fetcher::new(url.as_str(), settings)
        .map_err(|error| AuthSetupError { key: key.to_owned(), reason: error.to_string() })?;
    Ok(Box::new(KeyServer(fetcher)))
}

#[derive(Debug)]
struct KeyServer(Fetcher);

#[async_trait]
impl KeyFetcher for KeyServer {
    async fn fetch(&self) -> Result<Bytes, String> {
        self.0.get().await.map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::response::Redirect;
    use axum::routing::get;
    use session_provider::Clock;
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::*;
    use crate::Authenticator;
    use crate::key_algorithm::KeyAlgorithm;
    use crate::key_config::KeySource;
    use crate::testing::{Signer, auth_config, jwks};

    /// Serves on loopback until the set is dropped; gives the base URL.
    async fn serve(router: Router, tasks: &mut JoinSet<()>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn the_document_comes_whole_and_anything_else_is_an_error() {
        let body = jwks(&[&Signer::new("a", KeyAlgorithm::EdDSA)]);
        let document = body.clone();
        let router = Router::new()
            .route("/keys", get(move || async move { document }))
            .route("/moved", get(|| async { Redirect::temporary("/keys") }))
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/many", get(|| async { "x".repeat(400 * 1024) }))
            .route("/large", get(|| async { "x".repeat(MAX_DOCUMENT_BYTES + 1) }));
        let mut tasks = JoinSet::new();
        let base = serve(router, &mut tasks).await;
        let fetch = |path: &str| {
            let fetcher = fetcher("auth.jwks_url", &format!("{base}{path}").parse().unwrap()).unwrap();
            async move { fetcher.fetch().await }
        };
        assert_eq!(fetch("/keys").await.unwrap(), body);
        assert_eq!(fetch("/many").await.unwrap().len(), 400 * 1024);
        for path in ["/moved", "/broken", "/large", "/nowhere"] {
            assert!(fetch(path).await.is_err(), "{path}");
        }
    }

    #[tokio::test]
    async fn an_insecure_key_server_stops_the_start() {
        for url in
            ["http://id.example.internal/keys", "http://10.0.0.1/keys", "https://user:canary@id.example.internal/"]
        {
            let config = auth_config(KeySource::Jwks(url.parse().unwrap()));
            let error = Authenticator::new(&config, Clock::system()).unwrap_err();
            assert_eq!(error.key, "auth.jwks_url", "{url}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
        let good = auth_config(KeySource::Jwks("https://id.example.internal/keys".parse().unwrap()));
        assert!(!Authenticator::new(&good, Clock::system()).unwrap().is_ready(), "no keys yet");
    }
}
