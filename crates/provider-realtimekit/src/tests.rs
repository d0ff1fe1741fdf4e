//! Tests over the recorded bodies of `tests/fixtures/realtimekit` and over arbitrary ones.

mod exchanges;
mod fixtures;
mod hostile;
mod reading;
mod refusals;
mod skipped;
