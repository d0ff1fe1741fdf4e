//! Who has to bear a change.

/// Which way a value goes: whoever sends must not be held to more than before, whoever reads must not get more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Sent,
    Answered,
}
