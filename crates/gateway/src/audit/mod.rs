//! A trustworthy record of every mutation: the intent before it is sent, the outcome before it is answered.

mod ledger;
mod line;
mod log;
mod record;
mod sink;

#[cfg(test)]
mod testing;

pub use ledger::Intended;
pub use log::{AuditLog, AuditSetupError, AuditUnavailable};
pub use record::{AuditOutcome, AuditRecord};
