//! The suite that every store passes: each sentence of [`Store`](crate::Store), and what must hold when many ask at once.
//!
//! Every check makes its own scopes and names, so the suite runs on a store that others use, and all of its checks at once.
//! What must last is kept for an hour, and what must end for one [`unit`](Stage::new), with any patience for it to be gone:
//! so no check depends on speed, on a paused clock as on a real one.

mod answers;
mod budgets;
mod claims;
mod deliveries;
mod events;
mod feed;
mod keys;
mod leases;
mod limits;
mod losses;
mod marks;
mod races;
mod stage;
mod suite;
mod verdict;
mod waiting;

pub use losses::survives_a_loss;
pub use stage::Stage;
pub use suite::{CHECKS, Check, Report, run_all};
pub use verdict::{Verdict, Violation};
