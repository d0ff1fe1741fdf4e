//! What a caller is told when a request fails: RFC 9457 problems with stable codes.

mod body;
mod code;
mod faults;
mod from_provider;
mod problem_type;
mod provider_outcome;

pub use body::{FieldError, Problem};
pub use code::Code;
pub use faults::Faults;
pub use problem_type::ProblemType;
pub use provider_outcome::{ProviderOutcome, ProviderOutcomeStatus, ProviderProblem};
