//! What a caller is told when a request fails: RFC 9457 problems with stable codes.

mod body;
mod code;
mod faults;
mod from_provider;
mod render;

pub use body::{FieldError, Problem, ProviderProblem};
pub use code::Code;
pub use faults::Faults;
pub use render::{after_panic, render_problems};
