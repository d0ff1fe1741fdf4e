//! Answers of the providers, kept for a while and fetched once for everybody who waits.
//!
//! Correctness rests on one rule: every read, load and change takes a [`Tick`](crate::changes::Tick), and an answer is
//! served only if its load began after every change that touches it ([`Changes`](crate::changes::Changes)).
//!
//! What is asked and what comes of it is typed by [`Question`]; nothing here knows what an answer looks like to callers.

#[expect(clippy::module_inception, reason = "the cache itself, beside its parts")]
mod cache;
mod entry;
mod freshness;
mod key;
mod lifetime;
mod listener;
mod load;
mod loaded;
mod loads;
mod question;
mod read;
mod served;
mod shared_load;
mod store;

pub(crate) use cache::Cache;
pub(crate) use entry::{Entry, Origin};
pub(crate) use key::Target;
pub(crate) use listener::{AnswerListener, NewAnswer};
pub(crate) use load::Given;
pub(crate) use question::{Answer, Permanence, Question};
pub(crate) use read::ReadContext;
pub(crate) use served::{Lookup, Served, Standing};
