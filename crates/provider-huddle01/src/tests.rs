//! The mapping, on every fixture and on what no fixture shows.

mod fixtures;
mod hostile;
mod reading;
