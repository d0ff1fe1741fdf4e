//! A verified caller.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use session_provider::{Payer, ProviderId};

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `sessions:read`: who is live and who is in it.
    Read,
    /// `sessions:moderate`: removing people, ending sessions, posting polls.
    Moderate,
}

impl Scope {
    /// Both, in the order in which messages list them.
    pub const ALL: [Self; 2] = [Self::Read, Self::Moderate];

    /// The name in the token's `scope` claim.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "sessions:read",
            Self::Moderate => "sessions:moderate",
        }
    }
}

/// Which providers a caller may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VisibleProviders {
    /// Every configured one: the token has no `providers` claim.
    All,
    /// These; an empty set sees nothing.
    Only(BTreeSet<String>),
}

/// Whoever holds a valid token. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    issuer: String,
    subject: String,
    scopes: BTreeSet<Scope>,
    providers: VisibleProviders,
    payer: Payer,
}

impl Caller {
    /// A caller with the claims of a verified token.
    #[must_use]
    pub fn new(issuer: String, subject: String, scopes: BTreeSet<Scope>, providers: VisibleProviders) -> Self {
        let mut hasher = DefaultHasher::new();
        (&issuer, &subject).hash(&mut hasher);
        Self(Arc::new(Inner { payer: Payer(hasher.finish()), issuer, subject, scopes, providers }))
    }

    /// The `iss` claim; with the subject it tells callers apart, in limits and in the audit log.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// The `sub` claim: 1 to 256 bytes, any text, unique only within its issuer.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Whether the token grants the scope.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.0.scopes.contains(&scope)
    }

    /// Whether the caller may know that this provider exists.
    #[must_use]
    pub fn sees(&self, provider: &ProviderId) -> bool {
        match &self.0.providers {
            VisibleProviders::All => true,
            VisibleProviders::Only(ids) => ids.contains(provider.as_str()),
        }
    }

    /// About how much memory this caller takes, in bytes.
    pub(crate) fn footprint(&self) -> usize {
        const ENTRY: usize = 64;
        let texts = |set: &BTreeSet<String>| set.iter().map(|text| text.len() + ENTRY).sum::<usize>();
        let providers = match &self.0.providers {
            VisibleProviders::All => 0,
            VisibleProviders::Only(ids) => texts(ids),
        };
        2 * ENTRY + self.0.issuer.len() + self.0.subject.len() + self.0.scopes.len() * ENTRY + providers
    }

    /// Whose share of an upstream budget this caller's calls are charged to: one per `iss` and `sub`.
    #[must_use]
    pub fn payer(&self) -> Payer {
        self.0.payer
    }
}
