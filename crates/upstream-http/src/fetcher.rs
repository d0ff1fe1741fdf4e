//! A small, bounded GET without credential, breaker and budget: for the keys of a key server.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::ACCEPT;
use url::Url;

use crate::base_url::{InvalidBaseUrl, is_loopback, parse_http_url};
use crate::body::{self, Failure};
use crate::classify::TransportFailure;
use crate::{BuildError, client};

/// The bounds of one fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoundedFetchSettings {
    /// The longest it may take, connection and body included.
    pub timeout: Duration,
    /// The largest body that is read, in bytes after decompression.
    pub max_body_bytes: usize,
}

impl Default for BoundedFetchSettings {
    /// Two seconds and 256 KiB.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(2), max_body_bytes: 256 * 1024 }
    }
}

/// Why a text is not a URL to fetch from. Says the rule, never the refused text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidFetchUrl(&'static str);

impl From<InvalidBaseUrl> for InvalidFetchUrl {
    fn from(error: InvalidBaseUrl) -> Self {
        Self(error.0)
    }
}

/// Why a fetch gave nothing. Holds no text of the answer and no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not a 200; a redirect, too.
    #[error("the server answered with status {0}, not 200")]
    Status(u16),
    /// Nothing complete within the timeout.
    #[error("the server did not answer completely within {0:?}")]
    Timeout(Duration),
    /// Larger than the cap.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// No connection, or it broke, or the answer could not be decoded.
    #[error("{0}")]
    Transport(String),
}

/// Fetches one URL, as often as asked, with the same client settings as an [`Upstream`](crate::Upstream): no redirects, no
/// proxies from the environment.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: reqwest::Client,
    url: Url,
    settings: BoundedFetchSettings,
}

impl Fetcher {
    /// Whether the URL may be fetched from: https, or http on loopback; without user, password and fragment.
    ///
    /// # Errors
    /// [`InvalidFetchUrl`] with the rule that was broken.
    pub fn check(url: &str) -> Result<Url, InvalidFetchUrl> {
        let url = parse_http_url(url)?;
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(InvalidFetchUrl("must be https (http only on loopback)"));
        }
        Ok(url)
    }

    /// Sets up the client. Sends nothing.
    ///
    /// # Errors
    /// [`BuildError`] for a URL that [`check`](Self::check) refuses, or when TLS cannot be set up.
    pub fn new(url: &str, settings: BoundedFetchSettings) -> Result<Self, BuildError> {
        let url = Self::check(url).map_err(|error| BuildError(format!("the URL {error}")))?;
        Ok(Self { client: client::build(&url, settings.timeout, 1)?, url, settings })
    }

    /// The whole body of one GET. Not repeated when it fails.
    ///
    /// # Errors
    /// [`FetchError`] for anything but a complete 200 within the bounds.
    pub async fn get(&self) -> Result<Bytes, FetchError> {
        tokio::time::timeout(self.settings.timeout, self.fetch())
            .await
            .unwrap_or(Err(FetchError::Timeout(self.settings.timeout)))
    }

    async fn fetch(&self) -> Result<Bytes, FetchError> {
        let mut request = reqwest::Request::new(http::Method::GET, self.url.clone());
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = match self.client.execute(request).await {
            Ok(answer) => answer,
            Err(error) => {
                let failure = Failure::of(&error);
                return Err(failure.map_or_else(|| FetchError::Transport(body::causes(&error)), |it| self.error(it)));
            }
        };
        match answer.status().as_u16() {
            200 => body::read(answer, self.settings.max_body_bytes).await.map_err(|failure| self.error(failure)),
            status => Err(FetchError::Status(status)),
        }
    }

    fn error(&self, failure: Failure) -> FetchError {
        match failure.failure {
            TransportFailure::TooLarge => FetchError::TooLarge(self.settings.max_body_bytes),
            TransportFailure::ConnectTimeout | TransportFailure::Timeout => FetchError::Timeout(self.settings.timeout),
            TransportFailure::NotConnected | TransportFailure::Interrupted | TransportFailure::Undecodable => {
                FetchError::Transport(failure.source)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Act, Server};

    async fn fetched(act: Act) -> (Result<Bytes, FetchError>, Server) {
        fetched_within(Duration::from_secs(20), act).await
    }

    async fn fetched_within(timeout: Duration, act: Act) -> (Result<Bytes, FetchError>, Server) {
        let server = Server::start([act]).await;
        let settings = BoundedFetchSettings { timeout, max_body_bytes: 16 };
        let fetcher = Fetcher::new(&format!("{}/jwks.json?v=1", server.url()), settings).unwrap();
        (fetcher.get().await, server)
    }

    #[tokio::test]
    async fn a_200_within_the_bounds_is_the_body() {
        let (body, server) = fetched(Act::answer(200, "", r#"{"keys":[]}"#)).await;
        assert_eq!(body, Ok(Bytes::from_static(br#"{"keys":[]}"#)));
        let request = server.requests().remove(0).to_lowercase();
        assert!(request.starts_with("get /jwks.json?v=1 http/1.1\r\n"), "{request}");
        assert!(!request.contains("authorization") && !request.contains("cookie"), "{request}");
    }

    #[tokio::test]
    async fn everything_else_is_an_error_that_says_what_happened() {
        for status in [204, 302, 404, 500] {
            let (error, server) = fetched(Act::answer(status, "location: /elsewhere\r\n", "")).await;
            assert_eq!((error, server.requests().len()), (Err(FetchError::Status(status)), 1));
        }
        assert_eq!(fetched(Act::answer(200, "", "x".repeat(17))).await.0, Err(FetchError::TooLarge(16)));
        let dripping = Act::Drip(b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
        assert_eq!(fetched(dripping).await.0, Err(FetchError::TooLarge(16)));
        let short = Duration::from_millis(300);
        assert_eq!(fetched_within(short, Act::Hang).await.0, Err(FetchError::Timeout(short)));
        assert!(matches!(fetched(Act::truncated(200, 10, "{")).await.0, Err(FetchError::Transport(_))));
    }

    #[test]
    fn only_https_and_loopback_are_fetched_from() {
        for good in
            ["https://id.example.internal/jwks?x=1", "https://10.0.0.1/", "http://127.0.0.1:1/", "http://[::1]/"]
        {
            assert!(Fetcher::check(good).is_ok(), "{good}");
        }
        for bad in
            ["http://id.example.internal/", "http://10.0.0.1/", "ftp://x/", "https://u:p@h/", "https://h/#f", "x"]
        {
            assert!(Fetcher::check(bad).is_err(), "{bad}");
        }
    }
}
