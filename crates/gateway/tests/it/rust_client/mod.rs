//! The Rust client at the running program: a walk over the whole API, as the clients in other languages do it.

mod place;
mod problems;
mod walk;
