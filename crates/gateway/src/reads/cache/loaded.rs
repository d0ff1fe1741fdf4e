//! What a load has led to.

use bytes::Bytes;
use coordination::LoadClaim;

use crate::reads::cache::entry::Held;

/// What a load has led to.
pub(super) struct Loaded<A> {
    pub(super) held: Held<A>,
    /// What the other replicas are given of it, once those who wait for it here have it.
    pub(super) to_share: Option<ToShare>,
}

/// An answer as the other replicas get it, and the claim under which it was loaded.
pub(super) struct ToShare {
    pub(super) claim: LoadClaim,
    pub(super) body: Bytes,
}

impl<A> Loaded<A> {
    /// One that nobody else is given.
    pub(super) fn alone(held: Held<A>) -> Self {
        Self { held, to_share: None }
    }
}
