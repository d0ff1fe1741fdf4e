//! What this replica shares with others, when there are any: answers, changes, and which account they belong to.

mod asked;
mod budgets;
mod shared_answer;
#[expect(clippy::module_inception, reason = "what is shared as a whole, beside its parts")]
mod sharing;
mod told;

pub(crate) use asked::scope;
pub(crate) use shared_answer::{SharedAnswer, marks, packed, unpacked};
pub use sharing::Sharing;
pub(crate) use told::tell_each_other;
