//! From a provider's error to what a caller is told.

use session_provider::{Error, ErrorKind};

use crate::problem::{Code, Problem, ProviderProblem};

impl From<ErrorKind> for Code {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidRequest => Self::InvalidRequest,
            ErrorKind::SessionNotLive => Self::SessionNotLive,
            ErrorKind::SessionNotFound => Self::SessionNotFound,
            ErrorKind::ParticipantNotFound => Self::ParticipantNotFound,
            ErrorKind::CapabilityUnsupported => Self::CapabilityUnsupported,
            ErrorKind::ProviderAuthFailed => Self::ProviderAuthFailed,
            ErrorKind::ProviderRateLimited => Self::ProviderRateLimited,
            ErrorKind::ProviderError => Self::ProviderError,
            ErrorKind::ProviderBadResponse => Self::ProviderBadResponse,
            ErrorKind::ProviderTimeout => Self::ProviderTimeout,
            ErrorKind::ProviderUnavailable => Self::ProviderUnavailable,
            ErrorKind::Overloaded => Self::Overloaded,
            ErrorKind::Internal => Self::Internal,
        }
    }
}

/// Seconds a caller should wait where `Retry-After` must be there and the error does not say how long.
const DEFAULT_WAIT_SECONDS: u64 = 1;

fn retry_after_seconds(error: &Error) -> Option<u64> {
    let told = error.retry_after().map(|wait| wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX));
    let demanded = Code::from(error.kind()).status() == http::StatusCode::SERVICE_UNAVAILABLE;
    told.or(demanded.then_some(DEFAULT_WAIT_SECONDS))
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        let mut problem = Self::new(error.kind().into(), error.detail().into_owned());
        problem.retryable = error.is_retryable();
        problem.retry_after_seconds = retry_after_seconds(error);
        problem.provider = error.provider().map(ToString::to_string);
        problem.upstream_status = error.upstream_status();
        problem
    }
}

impl From<&Error> for ProviderProblem {
    fn from(error: &Error) -> Self {
        Self {
            code: error.kind().into(),
            detail: error.detail().into_owned(),
            retryable: error.is_retryable(),
            retry_after_seconds: retry_after_seconds(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_kind_maps_to_the_code_of_the_same_name() {
        for kind in ErrorKind::ALL {
            assert_eq!(Code::from(kind).as_str(), kind.code());
            assert_eq!(Code::from(kind).is_retryable(), kind.is_transient(), "{kind:?}");
        }
    }

    #[test]
    fn every_503_carries_a_wait_rounded_up() {
        let plain = Problem::from(&Error::new(ErrorKind::ProviderUnavailable));
        assert_eq!(plain.retry_after_seconds, Some(1));
        let told = Error::new(ErrorKind::ProviderRateLimited).with_retry_after(Duration::from_millis(6001));
        assert_eq!(Problem::from(&told).retry_after_seconds, Some(7));
        assert_eq!(Problem::from(&Error::new(ErrorKind::ProviderError)).retry_after_seconds, None);
    }
}
