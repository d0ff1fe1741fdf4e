//! The one error of every provider operation.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Intent, Operation, ProviderId};

/// The result of a provider operation.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, by who must act. [`code`](Self::code) is the stable name that callers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The provider refuses the values of the request.
    InvalidRequest,
    /// The room holds no live session.
    SessionNotLive,
    /// The provider knows no session of that id.
    SessionNotFound,
    /// The provider knows no such participant in the session.
    ParticipantNotFound,
    /// The provider cannot do it; nothing was sent.
    CapabilityUnsupported,
    /// Our credential or account was refused.
    ProviderAuthFailed,
    /// The provider throttles us, or our own budget for it is spent.
    ProviderRateLimited,
    /// The provider failed: 5xx, connection reset or refused.
    ProviderError,
    /// An answer that cannot be trusted.
    ProviderBadResponse,
    /// The provider was too slow.
    ProviderTimeout,
    /// Not tried: the breaker is open.
    ProviderUnavailable,
    /// Not tried: too much is under way.
    Overloaded,
    /// A fault of our own.
    Internal,
}

impl ErrorKind {
    /// Every kind, once.
    pub const ALL: [Self; 13] = [
        Self::InvalidRequest,
        Self::SessionNotLive,
        Self::SessionNotFound,
        Self::ParticipantNotFound,
        Self::CapabilityUnsupported,
        Self::ProviderAuthFailed,
        Self::ProviderRateLimited,
        Self::ProviderError,
        Self::ProviderBadResponse,
        Self::ProviderTimeout,
        Self::ProviderUnavailable,
        Self::Overloaded,
        Self::Internal,
    ];

    /// The stable, public code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::SessionNotLive => "session_not_live",
            Self::SessionNotFound => "session_not_found",
            Self::ParticipantNotFound => "participant_not_found",
            Self::CapabilityUnsupported => "capability_unsupported",
            Self::ProviderAuthFailed => "provider_auth_failed",
            Self::ProviderRateLimited => "provider_rate_limited",
            Self::ProviderError => "provider_error",
            Self::ProviderBadResponse => "provider_bad_response",
            Self::ProviderTimeout => "provider_timeout",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::Overloaded => "overloaded",
            Self::Internal => "internal",
        }
    }

    /// Whether the same request may well succeed later.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::ProviderRateLimited
                | Self::ProviderError
                | Self::ProviderTimeout
                | Self::ProviderUnavailable
                | Self::Overloaded
        )
    }

    fn default_detail(self) -> &'static str {
        match self {
            Self::InvalidRequest => "The provider refused the values of this request.",
            Self::SessionNotLive => "Nothing is live in this room.",
            Self::SessionNotFound => "The provider knows no such session.",
            Self::ParticipantNotFound => "The provider knows no such participant in this session.",
            Self::CapabilityUnsupported => "This provider cannot do this.",
            Self::ProviderAuthFailed => "The provider refused Rollcall's credential or account; its operator must act.",
            Self::ProviderRateLimited => "The provider, or Rollcall's own budget for it, allows no further call now.",
            Self::ProviderError => "The provider failed to answer.",
            Self::ProviderBadResponse => "The provider gave an answer that cannot be trusted.",
            Self::ProviderTimeout => "The provider did not answer in time.",
            Self::ProviderUnavailable => "The provider failed repeatedly and is not being called for a moment.",
            Self::Overloaded => "Too many calls are under way; this one was not made.",
            Self::Internal => "Rollcall failed; this is our bug.",
        }
    }
}

/// What a failed mutation did upstream. Always [`Effect::None`] for reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Surely nothing: it was never sent, or it was answered with a refusal.
    None,
    /// It may have taken effect: it left us and no usable answer came back.
    Unknown,
}

/// A failed provider operation.
///
/// What a caller may see ([`kind`](Self::kind), [`detail`](Self::detail) and the numbers) holds no text that came from
/// upstream; what only the log may see is the [`source`](StdError::source).
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    effect: Effect,
    detail: Cow<'static, str>,
    provider: Option<ProviderId>,
    operation: Option<Operation>,
    upstream_status: Option<u16>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// The longest `Retry-After` that is passed on.
    pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(300);

    /// An error with the kind's own sentence.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            effect: Effect::None,
            detail: Cow::Borrowed(kind.default_detail()),
            provider: None,
            operation: None,
            upstream_status: None,
            retry_after: None,
            source: None,
        }))
    }

    /// The operation is not offered by the provider.
    #[must_use]
    pub fn unsupported(operation: Operation) -> Self {
        Self::new(ErrorKind::CapabilityUnsupported).in_operation(operation)
    }

    /// With a sentence of our own for the caller. Must hold nothing that came from upstream.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// With what the log, and only the log, may see.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// With the provider it happened at.
    #[must_use]
    pub fn at_provider(mut self, provider: &ProviderId) -> Self {
        self.0.provider = Some(provider.clone());
        self
    }

    /// With the operation it happened in.
    #[must_use]
    pub fn in_operation(mut self, operation: Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// With the HTTP status that the provider answered.
    #[must_use]
    pub fn with_upstream_status(mut self, status: u16) -> Self {
        self.0.upstream_status = Some(status);
        self
    }

    /// With the time to wait before another try, cut to [`MAX_RETRY_AFTER`](Self::MAX_RETRY_AFTER).
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait.min(Self::MAX_RETRY_AFTER));
        self
    }

    /// Says that the call had left us: if it was a mutation, its outcome is unknown from now on.
    #[must_use]
    pub fn after_sending(mut self, intent: Intent) -> Self {
        if intent == Intent::Mutation {
            self.0.effect = Effect::Unknown;
        }
        self
    }

    /// What went wrong, by who must act.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// A sentence for the caller.
    #[must_use]
    pub fn detail(&self) -> Cow<'_, str> {
        match self.0.effect {
            Effect::None => Cow::Borrowed(&*self.0.detail),
            Effect::Unknown => {
                Cow::Owned(format!("{} Whether it took effect is unknown; look before repeating it.", self.0.detail))
            }
        }
    }

    /// Whether repeating the same request is both safe and likely to help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_transient() && self.0.effect == Effect::None
    }

    /// What a failed mutation did upstream.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// The provider it happened at.
    #[must_use]
    pub fn provider(&self) -> Option<&ProviderId> {
        self.0.provider.as_ref()
    }

    /// The operation it happened in.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The HTTP status that the provider answered, if it answered.
    #[must_use]
    pub fn upstream_status(&self) -> Option<u16> {
        self.0.upstream_status
    }

    /// How long to wait before another try, at most 300 s.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.kind.code())?;
        if let Some(provider) = &self.0.provider {
            write!(f, " at {provider}")?;
        }
        if let Some(operation) = self.0.operation {
            write!(f, " in {operation}")?;
        }
        if let Some(status) = self.0.upstream_status {
            write!(f, " (upstream status {status})")?;
        }
        write!(f, ": {}", self.detail())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("effect", &self.0.effect)
            .field("provider", &self.0.provider)
            .field("operation", &self.0.operation)
            .field("upstream_status", &self.0.upstream_status)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutation_that_may_have_left_is_never_retryable_and_says_so() {
        for kind in ErrorKind::ALL {
            let unsent = Error::new(kind);
            assert_eq!(unsent.is_retryable(), kind.is_transient(), "{kind:?}");
            assert!(Error::new(kind).after_sending(Intent::Read).effect() == Effect::None);
            let sent = unsent.after_sending(Intent::Mutation);
            assert!(!sent.is_retryable(), "{kind:?}");
            assert!(sent.detail().contains("unknown"), "{kind:?}");
        }
    }

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn what_is_shown_holds_no_source() {
        let error = Error::new(ErrorKind::ProviderError).with_source("secret body");
        assert!(!format!("{error}").contains("secret body"));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("secret body"));
    }

    #[test]
    fn retry_after_is_cut() {
        let error = Error::new(ErrorKind::ProviderRateLimited).with_retry_after(Duration::from_secs(9000));
        assert_eq!(error.retry_after(), Some(Error::MAX_RETRY_AFTER));
    }
}
