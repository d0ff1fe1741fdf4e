//! A client that is ready to call.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{ClientBuilder, redirect};

use crate::generated::Client;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a whole call may take: longer than the gateway takes for any.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// Why there is no client. Never shows the token.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The token cannot be sent in a header.
    #[error("the token has characters that no token has")]
    Token,
    /// The URL is not the root of an API. As much of it as may be shown.
    #[error("{0:?} is not an http or https URL without a query or fragment; one is for example http://127.0.0.1:8080")]
    Url(String),
    /// The URL has a user or a password in it, which nobody asks for.
    #[error(
        "the URL has a user or a password in it: the token is all that is sent; take for example http://127.0.0.1:8080"
    )]
    UserInUrl,
    /// The HTTP client could not be made, for instance because the system's certificates cannot be read.
    #[error("no HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}

/// A client of the API at `url`, for example `http://127.0.0.1:8080`, which sends this token with every call. Nothing is
/// sent yet. It follows no redirects, since the API has none, and goes through a proxy where the environment says so.
///
/// # Errors
/// When `url` or `token` cannot be used.
pub fn connect(url: &str, token: &str) -> Result<Client, ConnectError> {
    let http = http_client(token)?.timeout(CALL_TIMEOUT).build()?;
    Ok(Client::new_with_client(&base(url)?, http))
}

/// The URL without a slash at its end, if one can be called.
pub(crate) fn base(url: &str) -> Result<String, ConnectError> {
    let parsed = reqwest::Url::parse(url).ok().filter(|parsed| {
        matches!(parsed.scheme(), "http" | "https") && parsed.query().is_none() && parsed.fragment().is_none()
    });
    match parsed {
        Some(parsed) if !parsed.username().is_empty() || parsed.password().is_some() => Err(ConnectError::UserInUrl),
        Some(parsed) => Ok(parsed.as_str().trim_end_matches('/').to_owned()),
        None => Err(ConnectError::Url(presentable(url))),
    }
}

/// What of a URL that is none may be shown: neither who somebody is nor a token.
fn presentable(url: &str) -> String {
    let (url, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    match url.rsplit_once('@') {
        // The password may go on behind what looks like the beginning of a query.
        _ if rest.contains('@') => "…".to_owned(),
        Some((_, host)) => format!("…@{host}"),
        None => url.to_owned(),
    }
}

/// What every HTTP client of ours has in common.
#[expect(clippy::disallowed_methods, reason = "the one place of this crate that builds clients")]
pub(crate) fn http_client(token: &str) -> Result<ClientBuilder, ConnectError> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| ConnectError::Token)?;
    bearer.set_sensitive(true);
    Ok(reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(redirect::Policy::none())
        .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
        .user_agent(concat!("rollcall-client/", env!("CARGO_PKG_VERSION"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_the_root_of_an_api() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://rollcall.example/", "https://rollcall.example"),
            ("https://example/rollcall/", "https://example/rollcall"),
        ] {
            assert_eq!(base(url).unwrap(), expected);
        }
        for url in ["", "127.0.0.1:8080", "ftp://a", "http://a?b", "http://a/#token=b"] {
            assert!(matches!(base(url), Err(ConnectError::Url(_))), "{url}");
        }
    }

    #[test]
    fn what_is_in_a_url_and_is_nobodys_business_is_not_shown() {
        for url in [
            "http://me:secret@a",
            "http://secret@a",
            "ftp://me:secret@a",
            "http://a/#token=secret",
            "me:secret@a:1",
            "http://me:secret#more@a",
            "http://me:1?secret@a",
            "http://a/?token=1@secret",
        ] {
            let error = base(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_token_is_one_that_can_be_sent_and_is_never_shown() {
        let error = connect("http://127.0.0.1:1", "secret\n").unwrap_err();
        assert!(matches!(error, ConnectError::Token));
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
