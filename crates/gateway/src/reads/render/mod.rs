//! JSON written once and hashed once.

mod fragments;
mod json;
mod session;

pub(crate) use fragments::Fragments;
pub(crate) use json::{render, write_json};
pub(crate) use session::{Freshness, write_said};
