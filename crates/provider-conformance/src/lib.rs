//! The suite every [`SessionProvider`](session_provider::SessionProvider) passes, chosen by its capabilities.
//!
//! A [`Harness`] starts the service behind a provider, a simulated one as a rule, and makes providers that speak to it. A
//! [`Check`] is one rule, asked of any harness; [`CHECKS`] are all of them. A check of an operation that
//! the provider does not offer passes at once: that it is refused without a call is a check of its own.
//!
//! [`conformance_tests!`] makes one test of each check; [`run_all`] runs them all and reports.
#![forbid(unsafe_code)]

mod asking;
mod change;
pub mod checks;
mod harness;
mod misbehaviour;
mod oddity;
mod stage;
mod suite;
mod verdict;

pub use change::Change;
pub use harness::{Bounds, Harness, SeenRequest, Service, Visit, Visitor};
pub use misbehaviour::{Misbehaviour, Sentence};
pub use oddity::Oddity;
pub use suite::{CHECKS, Check, Report, run, run_all};
pub use verdict::{Verdict, Violation};
