//! What goes wrong, by script.

mod body;
mod fault;
mod gzip;
mod inject;
mod script;
#[cfg(test)]
mod tests;

pub use fault::Fault;
pub(crate) use inject::{CloseConnection, ConnectionControl, inject};
pub use script::{RuleId, Script, Times};
