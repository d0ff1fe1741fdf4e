//! A caller who comes through a balancer, and is not always answered by the gateway.

use http::Method;
use serde_json::Value;

use crate::{Reply, Stack};

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Visitor {
    base: String,
    client: reqwest::Client,
    token: String,
    documents: std::sync::Arc<crate::stack::Documents>,
}

impl Visitor {
    /// Comes to this address as who may do everything at the stack.
    #[must_use]
    pub fn of(stack: &Stack, base: &str) -> Self {
        let (base, client) = (base.to_owned(), crate::stack::plain_client());
        Self { base, client, token: stack.token.clone(), documents: stack.documents.clone() }
    }

    /// GET. `Err` says why the gateway did not answer; what it answers must be as documented.
    ///
    /// # Errors
    /// When whatever stands before the gateway has answered, or nobody.
    pub async fn get(&self, path: &str) -> Result<Reply, String> {
        self.send(Method::GET, path, &Value::Null).await
    }

    /// POST of a JSON body, in the same way.
    ///
    /// # Errors
    /// When whatever stands before the gateway has answered, or nobody.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply, String> {
        self.send(Method::POST, path, body).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Reply, String> {
        let request = self.client.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(&self.token);
        let sent = if body.is_null() { String::new() } else { body.to_string() };
        let request = match body.is_null() {
            true => request,
            false => request.header("content-type", "application/json").body(sent.clone()),
        };
        let failed = |error: reqwest::Error| format!("{method} {path}: {error:?}");
        let response = request.send().await.map_err(failed)?;
        if !response.headers().contains_key("x-request-id") {
            return Err(format!("{method} {path}: {} by the balancer", response.status()));
        }
        Reply::read((&method, sent.as_bytes()), response, &self.documents.public).await.map_err(failed)
    }
}
