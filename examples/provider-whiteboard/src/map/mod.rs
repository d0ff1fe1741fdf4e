//! From an answer to the domain. Pure: a response and the present go in, a domain value or an error comes out.

mod answer;
mod closing;
mod editors;
mod sessions;
#[cfg(test)]
mod tests;

pub(crate) use closing::removed;
pub(crate) use editors::{editors, editors_page};
pub(crate) use sessions::{live_board, live_boards, live_boards_page};
