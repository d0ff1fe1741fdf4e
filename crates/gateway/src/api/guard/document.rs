//! What the document says of every route behind a guard.

use utoipa::openapi::path::Operation;

use crate::api::document::{HeaderDoc, add_headers, add_problems};
use crate::problem::Code;

const PROBLEMS: &[Code] = &[Code::Unauthenticated, Code::InsufficientScope, Code::RateLimited, Code::Draining];

const HEADERS: &[HeaderDoc] = &[
    HeaderDoc::text("RateLimit", "What is left of the caller's limit, where there is one.").sometimes(),
    HeaderDoc::text("RateLimit-Policy", "The caller's limit, where there is one.").sometimes(),
];

/// Adds the guard's own problems, and the headers that it sets once it knows the caller.
pub(crate) fn describe(operation: &mut Operation) {
    add_problems(operation, PROBLEMS);
    add_headers(operation, |status| status != "401", HEADERS);
}
