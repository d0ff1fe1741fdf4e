//! What a provider can do, known without asking it.

use crate::Operation;

/// One thing a provider can or cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// It implements the operation: the operation never answers `CapabilityUnsupported`.
    Operation(Operation),
    /// Its live sessions carry a session id, so a mutation can be made conditional on it.
    ExpectedSessionId,
}

/// A set of [`Capability`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities(u16);

impl Capabilities {
    /// The empty set, of a provider that can do nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self(0)
    }

    /// This set with one more operation.
    #[must_use]
    pub const fn with(self, operation: Operation) -> Self {
        Self(self.0 | Self::bit(Capability::Operation(operation)))
    }

    /// This set with conditional mutations.
    #[must_use]
    pub const fn with_expected_session_id(self) -> Self {
        Self(self.0 | Self::bit(Capability::ExpectedSessionId))
    }

    /// Whether the capability is in the set.
    #[must_use]
    pub const fn has(self, capability: Capability) -> bool {
        self.0 & Self::bit(capability) != 0
    }

    /// Whether the provider implements the operation.
    #[must_use]
    pub const fn supports(self, operation: Operation) -> bool {
        self.has(Capability::Operation(operation))
    }

    const fn bit(capability: Capability) -> u16 {
        match capability {
            Capability::Operation(operation) => 1 << operation as u16,
            Capability::ExpectedSessionId => 1 << 15,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_has_a_bit_of_its_own() {
        for operation in Operation::ALL {
            let only = Capabilities::none().with(operation);
            for other in Operation::ALL {
                assert_eq!(only.supports(other), operation == other);
            }
            assert!(!only.has(Capability::ExpectedSessionId));
        }
        let conditional = Capabilities::none().with_expected_session_id();
        assert!(conditional.has(Capability::ExpectedSessionId));
        assert!(Operation::ALL.iter().all(|operation| !conditional.supports(*operation)));
    }
}
