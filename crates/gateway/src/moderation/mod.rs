//! Mutations: checked, written down, sent at most once, and carried to their end whatever the caller does.

mod command;
mod order;
mod outcome;
mod run;
mod shared_key;

pub use command::ModerationCommand;
pub use order::Order;
pub use outcome::{Done, Outcome};
pub use run::Moderation;
