//! The bare server with tokens: verified for each request, as `jsonwebtoken`'s documentation shows.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::answer::Answer;
use crate::tokens::Verifier;

struct Guarded {
    answer: Answer,
    verifier: Verifier,
}

pub(super) fn router(answer: Answer, secret: &str) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/v1/live-sessions", get(send))
        .route("/v1/live-sessions/{provider}/{room_id}", get(send))
        .with_state(Arc::new(Guarded { answer, verifier: Verifier::new(secret) }))
}

async fn send(State(guarded): State<Arc<Guarded>>, headers: HeaderMap) -> Response {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if !token.is_some_and(|token| guarded.verifier.accepts(token)) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let answer = &guarded.answer;
    (answer.status, answer.headers.clone(), answer.body.clone()).into_response()
}
