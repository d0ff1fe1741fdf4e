//! One bounded, redirect-free HTTP exchange with an upstream, and the stack of resilience around it.
//!
//! The only crate of the workspace that uses reqwest. A provider builds a [`Request`] from typed segments, sends it
//! through an [`Upstream`] and reads a [`Response`]; what went wrong on the way is already an [`Error`](session_provider::Error).
#![forbid(unsafe_code)]

mod base_url;
mod body;
mod breaker;
mod budget;
mod build_error;
mod call_metrics;
mod capped_body;
mod classify;
mod client;
mod client_span;
mod content_coding;
mod credential;
mod decoder;
mod exchange;
mod fetcher;
mod health_log;
mod layer;
mod metric;
mod rate_limit_headers;
mod reading;
mod request;
mod request_url;
mod response;
mod retry_after;
mod settings;
mod stack;
#[cfg(test)]
mod testing;
mod tls;
mod turns;
mod upstream;

pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use budget::{Budget, BudgetSettings, BudgetStore, BudgetSwap, Budgets};
pub use build_error::BuildError;
pub use call_metrics::CallMetrics;
pub use credential::Credential;
pub use fetcher::{BoundedFetchSettings, FetchError, Fetcher, InvalidFetchUrl};
pub use metric::{BREAKER_OPEN, BUDGET_REMAINING, EXCHANGE_SECONDS, EXCHANGES};
pub use reading::{MANY_ROWS, beside};
pub use request::{InvalidSegment, Request, Segment};
pub use response::Response;
pub use settings::UpstreamSettings;
pub use turns::Turns;
pub use upstream::Upstream;
