//! The last resort against a request that takes too long. Everything below has a shorter deadline of its own.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Method;
use session_provider::Intent;

use crate::problem::{Code, Problem};
use crate::time_budget::TimeBudget;

/// Answers 503 for a read and 504 for a mutation, which may have taken effect and goes on to its end.
pub(crate) async fn bound_time(State(time): State<TimeBudget>, request: Request, next: Next) -> Response {
    let is_mutation = request.method() == Method::POST;
    let intent = if is_mutation { Intent::Mutation } else { Intent::Read };
    match tokio::time::timeout(time.last_resort(intent), next.run(request)).await {
        Ok(response) => response,
        Err(_) => too_late(intent),
    }
}

/// The answer to a request that took too long.
pub(crate) fn too_late(intent: Intent) -> Response {
    match intent {
        Intent::Read => Problem::new(Code::Overloaded, "The request took too long; try again.")
            .with_retry_after(Duration::from_secs(1))
            .into_response(),
        Intent::Mutation => {
            let mut problem = Problem::new(
                Code::ProviderTimeout,
                "The request took too long. Whether it took effect is unknown; look before repeating it.",
            );
            problem.retryable = false;
            problem.into_response()
        }
    }
}
