//! An axum handler that sends an answer it holds: the least that a server in Rust does.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::answer::Answer;

pub(super) fn router(answer: Answer) -> Router {
    let healthy = get(async || "ok");
    Router::new()
        .route("/healthz", healthy)
        .route("/v1/live-sessions", get(send))
        .route("/v1/live-sessions/{provider}/{room_id}", get(send))
        .with_state(Arc::new(answer))
}

async fn send(State(answer): State<Arc<Answer>>) -> Response {
    (answer.status, answer.headers.clone(), answer.body.clone()).into_response()
}
