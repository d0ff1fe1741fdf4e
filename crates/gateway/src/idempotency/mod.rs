//! Answers the same request the same way: the first outcome of a mutation is kept under its key for a while.

mod key;
mod ledger;

pub use key::{IdempotencyKey, KeyScope};
pub use ledger::{Claim, Entry, Idempotency, Repeat};
