//! Whether an answer is one that an OpenAPI document allows: what the document says of the gateway is true of every
//! answer that a test sees. Only tests use this crate.
#![forbid(unsafe_code)]

mod body;
mod document;
mod headers;
mod operation;
mod seen_answer;

pub use document::OpenApiDocument;
pub use seen_answer::SeenAnswer;
