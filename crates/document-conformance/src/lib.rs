//! Whether an answer is one that an OpenAPI document allows: what the document says of the gateway is true of every
//! answer that a test sees. Also whether its examples are true of it, and whether it breaks the clients of an earlier one.
//! Only tests use this crate.
#![forbid(unsafe_code)]

mod body;
mod breaking;
mod document;
mod examples;
mod headers;
mod operation;
mod references;
mod seen_answer;

pub use breaking::breaking_changes;
pub use document::OpenApiDocument;
pub use examples::example_faults;
pub use references::inlined;
pub use seen_answer::SeenAnswer;
