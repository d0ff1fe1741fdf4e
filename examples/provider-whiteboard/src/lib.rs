//! `SessionProvider` over Whiteboard, an invented service, as `API.md` describes it: the worked example of
//! `docs/add-a-provider.md`. Nothing that is shipped depends on it.
//!
//! An operation is a request (`requests`), one exchange or a walk over pages (`provider`, `pages`) and a pure mapping (`map`)
//! of lenient wire readings (`wire`) to the domain. Retries, budgets and caching are not here.
#![forbid(unsafe_code)]

mod config;
mod map;
mod pages;
mod provider;
mod requests;
mod wire;

pub use config::WhiteboardConfig;
pub use provider::Whiteboard;
