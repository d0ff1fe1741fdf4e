//! One request of the driver's own, outside of what is measured.

use anyhow::{Context, Result};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder};

use crate::answer::Answer;

/// A request: below which path, with which headers.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { path: path.into(), headers: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// To be sent by this client.
    pub(crate) fn on(&self, client: &Client, origin: &str) -> Result<RequestBuilder> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            headers.append(HeaderName::try_from(name.as_str())?, HeaderValue::try_from(value)?);
        }
        Ok(client.get(format!("{origin}{}", self.path)).headers(headers))
    }

    /// Asks once.
    pub(crate) async fn send(&self, origin: &str) -> Result<Answer> {
        let client = Client::builder().no_proxy().build()?;
        let answer = self.on(&client, origin)?.send().await.with_context(|| format!("{origin}{}", self.path))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(Answer::new(status, headers, answer.bytes().await?))
    }
}
