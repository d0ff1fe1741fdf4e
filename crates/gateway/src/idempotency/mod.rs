//! Answers the same request the same way: the first outcome of a mutation is kept under its key for a while.

mod fingerprint;
mod key;
mod ledger;
mod remember;

pub use fingerprint::Fingerprint;
pub use key::{IdempotencyKey, KeyScope};
pub use ledger::{Claim, KeyEntry, KeyLedger, Repeat};
pub use remember::Remember;
