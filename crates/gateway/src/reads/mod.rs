//! The read side: every GET of the API, answered from the cache or by the providers.

mod answers;
mod cache;
mod cursor;
mod followed;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod history;
mod include;
mod list;
mod merge;
mod outcome;
mod page_body;
mod pages;
mod participants;
mod query;
mod questions;
#[expect(clippy::module_inception, reason = "the reads themselves, beside their parts")]
mod reads;
mod render;
mod reply;
mod slices;

pub(crate) use answers::place;
pub(crate) use cache::{AnswerListener, NewAnswer};
pub(crate) use cursor::MAX_LEN as MAX_CURSOR;
pub(crate) use followed::{KeptList, ListAnswer, NewerThan, PeopleAnswer, PeoplePolled, Polled};
pub use query::{HistoryQuery, Include, ListQuery, PageQuery, ReadCall};
pub use reads::Reads;
pub use reply::{CacheStatus, ReadReply};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
