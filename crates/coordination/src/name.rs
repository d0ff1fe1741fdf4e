//! Names in the store: digests of what they stand for, so that no text of a caller or a provider is part of a key.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};

/// 128 bits of a SHA-256 over parts. Frozen: replicas of two versions give equal things equal names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name([u8; 16]);

impl Name {
    /// The name of these parts, in this order. Each counts with its length, so no two sequences of parts look alike.
    #[must_use]
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        let full = context.finish();
        let mut cut = [0; 16];
        cut.iter_mut().zip(full.as_ref()).for_each(|(to, from)| *to = *from);
        Self(cut)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whose answers, marks and events are shared: one account at one provider, named by what is asked (kind, base URL, account,
/// app, digest of the credential), never by the id that an operator chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(pub Name);

/// One question within a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question(pub Name);

/// One process, as long as it lives: a random number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(u64);

impl ReplicaId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Of that number.
    #[must_use]
    pub const fn of(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_frozen_and_parts_do_not_run_together() {
        let of = |parts: &[&str]| Name::of(parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["huddle01", "https://api.huddle01.com"]).to_string(), "25b2e89b085ee7b32b69a632d8241654");
        assert_eq!(ReplicaId::of(255).to_string(), "00000000000000ff");
    }
}
