//! JSON written once and hashed once.

mod fragments;
mod json;

pub(crate) use fragments::Fragments;
pub(crate) use json::{UNDATED, render, write_json};
