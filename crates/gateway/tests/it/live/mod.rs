//! `rollcall live` at a running gateway over both simulators.

mod listed;
mod piped;
mod screen;
pub(crate) mod stand;
mod terminal;
