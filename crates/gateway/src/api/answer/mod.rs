//! What a route answers with, each kind with its headers and with what the document says of them.

mod cached;
mod event_stream;
mod json;
mod kept;
mod mutation;

pub(crate) use cached::CachedAnswer;
pub(crate) use event_stream::EventStreamAnswer;
pub(crate) use json::{UncachedAnswer, json};
pub(crate) use kept::{KeptAnswer, KeptHeaders};
pub(crate) use mutation::MutationAnswer;

use axum::response::IntoResponse;
use utoipa::openapi::path::Operation;

/// An answer that says in the document what it sets beside its body.
pub(crate) trait RouteAnswer: IntoResponse {
    /// Adds it to the operation.
    fn describe(operation: &mut Operation);
}
