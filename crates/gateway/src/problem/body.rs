//! The body of a problem and how it becomes a response.

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id_schemas::ProviderIdJson;
use crate::problem::{Code, ProviderOutcome};

/// Why a request failed (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the cause: `/problems/<code>`.
    #[serde(rename = "type")]
    pub type_uri: &'static str,
    /// The cause in a few words.
    pub title: &'static str,
    /// The HTTP status of this answer.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What happened, to what, and what to do.
    pub detail: Cow<'static, str>,
    /// The path of the request.
    pub instance: String,
    /// The cause as a stable name.
    pub code: Code,
    /// Whether repeating the same request is safe and likely to help.
    pub retryable: bool,
    /// Seconds to wait before repeating it; also in `Retry-After`.
    #[schema(required)]
    pub retry_after_seconds: Option<u64>,
    /// The provider it is about.
    #[schema(required, value_type = Option<ProviderIdJson>)]
    pub provider: Option<String>,
    /// For lists: how each provider fared.
    #[schema(required)]
    pub providers: Option<Vec<ProviderOutcome>>,
    /// The HTTP status that the provider answered.
    #[schema(required, minimum = 100, maximum = 999)]
    pub upstream_status: Option<u16>,
    /// The id of the request, also in `X-Request-Id`.
    pub request_id: String,
    /// Which parts of the request are at fault.
    #[schema(max_items = 20)]
    pub errors: Vec<FieldError>,
}

/// One part of a request that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct FieldError {
    /// The parameter, header or body field, for example `participant_ids[3]`.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// A problem with the code's own title, status and retryability. Request id and instance are filled in by the
    /// outermost layer, which knows them.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            type_uri: code.type_uri(),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            instance: String::new(),
            code,
            retryable: code.is_retryable(),
            retry_after_seconds: None,
            provider: None,
            providers: None,
            upstream_status: None,
            request_id: String::new(),
            errors: Vec::new(),
        }
    }

    /// A 400 that names one part of the request.
    #[must_use]
    pub fn invalid(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldError { field: field.into(), detail: detail.into() }])
    }

    /// A 400 that names every part of the request that is at fault; there is at least one.
    #[must_use]
    pub fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let said: Vec<_> = errors.iter().map(|error| format!("{}: {}", error.field, error.detail)).collect();
        let mut problem = Self::new(Code::InvalidRequest, said.join("; "));
        problem.errors = errors;
        problem
    }

    /// With seconds to wait, rounded up.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after_seconds = Some(wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX));
        self
    }

    /// With the provider it is about.
    #[must_use]
    pub fn about_provider(mut self, provider: &session_provider::ProviderId) -> Self {
        self.provider = Some(provider.to_string());
        self
    }
}

impl IntoResponse for Problem {
    /// Status and `Retry-After` are set here; the problem itself rides in the response's extensions until the
    /// outermost layer adds `instance` and `request_id` and renders it.
    fn into_response(self) -> Response {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = self.code.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::Unauthenticated {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Box::new(self));
        response
    }
}

impl IntoResponse for Box<Problem> {
    fn into_response(self) -> Response {
        (*self).into_response()
    }
}
