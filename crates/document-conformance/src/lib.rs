//! Whether an answer is one that an OpenAPI document allows: what the document says of the gateway is true of every
//! answer that a test sees. Only tests use this crate.
#![forbid(unsafe_code)]

mod answer;
mod body;
mod document;
mod headers;
mod operation;

pub use answer::Answer;
pub use document::Document;
