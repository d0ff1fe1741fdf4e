//! Answers of the providers, kept for a while and fetched once for everybody who waits.
//!
//! Correctness rests on one rule: every read, load and mutation takes a number from one counter, and an answer is
//! served only if its load took its number after every mutation that touches it ([`Mutations`]).

mod age;
mod answer;
#[expect(clippy::module_inception, reason = "the cache itself, beside its parts")]
mod cache;
mod digest;
mod entry;
mod fetch;
mod flight;
mod fragments;
mod key;
mod landing;
mod mutations;
mod participant_rows;
mod served;
mod session_document;
mod session_rows;
mod store;

pub(crate) use answer::Answer;
pub(crate) use cache::{Cache, CacheRequest};
pub(crate) use digest::{Digest, Digester};
use entry::Entry;
pub(crate) use fragments::{UNDATED, render, write_json};
use key::Key;
pub(crate) use key::Query;
pub(crate) use participant_rows::{ParticipantRows, Place as ParticipantPlace};
pub(crate) use served::{Served, Standing};
pub(crate) use session_document::SessionDocument;
pub(crate) use session_rows::SessionRows;
