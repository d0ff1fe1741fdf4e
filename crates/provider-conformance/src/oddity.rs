//! How a service can write oddly without saying anything wrong.

/// One odd way to write good answers. A provider must make of them what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Oddity {
    /// The name of every connection ends in [`ODD_END`](Self::ODD_END).
    ConnectionIds,
    /// Half a surrogate pair, escaped, in the place of the first letter of every name that begins with [`PERSON`](Self::PERSON).
    HalfSurrogates,
    /// A byte that is no UTF-8 in the place of the first letter of every name that begins with [`PERSON`](Self::PERSON).
    BrokenText,
    /// A session that was asked for by its id is answered with another one's id. This is wrong, and must be refused.
    AnotherSession,
}

impl Oddity {
    /// How the names of the suite's people begin.
    pub const PERSON: &'static str = "person ";

    /// What no id in a URL may hold.
    pub const ODD_END: &'static str = ".\u{fc}/ x";
}
