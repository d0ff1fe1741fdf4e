//! An answer of the gateway, read whole.

use document_conformance::{OpenApiDocument, SeenAnswer};
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

/// Status, headers and body. The accessors panic with the whole answer when it is not what a test needs. No test sees one
/// that the document does not allow.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Reply {
    /// Reads an answer to its end and holds it against the document, and the request if it was accepted.
    ///
    /// # Errors
    /// When the connection breaks.
    ///
    /// # Panics
    /// When the document does not allow it.
    pub async fn read(
        (method, request_body): (&Method, &[u8]),
        response: reqwest::Response,
        document: &OpenApiDocument,
    ) -> reqwest::Result<Self> {
        let path = response.url().path().to_owned();
        let reply = Self::read_undocumented(response).await?;
        let Self { status, headers, text } = &reply;
        let answer = SeenAnswer { method, path: &path, request_body, status: *status, headers, body: text.as_bytes() };
        document.check(&answer).unwrap_or_else(|fault| panic!("{fault}"));
        Ok(reply)
    }

    /// Reads an answer of a route that is for operators alone.
    pub(crate) async fn read_undocumented(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        let is_stream = headers.get("content-type").is_some_and(|kind| kind == "text/event-stream");
        // A stream has no end: its beginning shows that it is there.
        let text = if is_stream { Self::beginning(response).await? } else { response.text().await? };
        Ok(Self { status, headers, text })
    }

    async fn beginning(mut response: reqwest::Response) -> reqwest::Result<String> {
        let first = response.chunk().await?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&first).into_owned())
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("not JSON ({error}): {self:?}"))
    }

    /// A header as text; empty when absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The JSON of an answer that must have this status.
    ///
    /// # Panics
    /// When it has another.
    #[must_use]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self.json()
    }

    /// The problem of an answer that must be one, with this status and code and in the documented form.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(problem["code"], code, "{self:?}");
        assert_eq!(problem["status"], status, "{self:?}");
        assert_eq!(problem["type"], format!("/problems/{code}"), "{self:?}");
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{self:?}");
        for key in [
            "title",
            "detail",
            "instance",
            "retryable",
            "retry_after_seconds",
            "provider",
            "providers",
            "upstream_status",
            "errors",
        ] {
            assert!(problem.get(key).is_some(), "{key} is missing: {self:?}");
        }
        problem
    }
}
