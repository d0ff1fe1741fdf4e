//! What is kept of the providers' answers: sorted, rendered as callers read it, and hashed, once for all readers.

mod history_rows;
mod participant_rows;
mod session_document;
mod session_rows;
mod weight;

pub(crate) use history_rows::{HistoryPlace, HistoryRows};
pub(crate) use participant_rows::{ParticipantPlace, ParticipantRows};
pub(crate) use session_document::{Document, SessionDocument};
pub(crate) use session_rows::{SessionRows, place};
