//! The last resort against a request that takes too long. Everything below has a shorter deadline of its own.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;

use crate::problem::{Code, Problem};

/// What a mutation may take beyond the limit: it has sent by then, and writes its outcome down before it is answered,
/// which the audit log bounds to a second for each of its two lines.
const TO_WRITE_IT_DOWN: Duration = Duration::from_secs(2);

/// Answers 503 for a read and 504 for a mutation, which may have taken effect and goes on to its end.
pub(crate) async fn bound_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    let is_mutation = request.method() == Method::POST;
    let limit = if is_mutation { limit + TO_WRITE_IT_DOWN } else { limit };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_mutation => {
            let mut problem = Problem::new(
                Code::ProviderTimeout,
                "The request took too long. Whether it took effect is unknown; look before repeating it.",
            );
            problem.retryable = false;
            problem.into_response()
        }
        Err(_) => Problem::new(Code::Overloaded, "The request took too long; try again.")
            .with_retry_after(Duration::from_secs(1))
            .into_response(),
    }
}
