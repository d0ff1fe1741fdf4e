//! JSON written once and hashed once.

mod digest;
mod fragments;
mod json;

pub(crate) use digest::{Digest, Digester};
pub(crate) use fragments::Fragments;
pub(crate) use json::{UNDATED, render, write_json};
