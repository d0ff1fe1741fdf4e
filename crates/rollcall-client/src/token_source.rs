//! Where a stream that lives longer than a token has its tokens from.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

type Fetch = dyn Fn() -> BoxFuture<'static, Result<String, String>> + Send + Sync;

/// Gives the token for each connection. A text is always the same one.
#[derive(Clone)]
pub struct TokenSource(Source);

#[derive(Clone)]
enum Source {
    Fixed(String),
    Fetched(Arc<Fetch>),
}

impl TokenSource {
    /// Asks for a token before each connection. What goes wrong is said in words, and asked for again later.
    pub fn fetched<F, Fut>(fetch: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<String, String>> + Send + 'static,
    {
        Self(Source::Fetched(Arc::new(move || Box::pin(fetch()))))
    }

    /// The token to connect with now.
    ///
    /// # Errors
    /// What the source said.
    pub async fn token(&self) -> Result<String, String> {
        match &self.0 {
            Source::Fixed(token) => Ok(token.clone()),
            Source::Fetched(fetch) => fetch().await,
        }
    }
}

impl From<String> for TokenSource {
    fn from(token: String) -> Self {
        Self(Source::Fixed(token))
    }
}

impl From<&str> for TokenSource {
    fn from(token: &str) -> Self {
        token.to_owned().into()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}
