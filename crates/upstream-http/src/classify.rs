//! What a status, or a failure to get one, means. The one place that decides it.

use session_provider::{Effect, ErrorKind};

/// How an exchange failed below HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TransportFailure {
    /// No connection: name not resolved, refused, TLS failed. Nothing was sent.
    NotConnected,
    /// No connection within the connect timeout. Nothing was sent.
    ConnectTimeout,
    /// No complete answer in time.
    Timeout,
    /// The connection broke, or spoke no HTTP, before the answer was complete.
    Interrupted,
    /// The body is not what its `Content-Encoding` says.
    Undecodable,
    /// The body is larger than we read.
    TooLarge,
}

impl TransportFailure {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 6] =
        [Self::NotConnected, Self::ConnectTimeout, Self::Timeout, Self::Interrupted, Self::Undecodable, Self::TooLarge];

    /// The word for it in logs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotConnected => "no connection",
            Self::ConnectTimeout => "no connection in time",
            Self::Timeout => "no complete answer in time",
            Self::Interrupted => "the answer broke off",
            Self::Undecodable => "the body is not what its encoding says",
            Self::TooLarge => "the body is larger than max_body_bytes",
        }
    }
}

/// What is to be made of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The provider crate reads the answer.
    Pass,
    /// It failed; the effect is that on a mutation.
    Fail(ErrorKind, Effect),
}

/// Judges the status and, if the exchange did not come to a good end, the failure after it.
///
/// Total: every status, real or not, has a verdict. A refusal (401, 403, 429, any other 4xx) proves that a mutation had
/// no effect, and so does a connection that was never made; everything else leaves it unknown.
pub(crate) fn classify(status: Option<u16>, failure: Option<TransportFailure>) -> Verdict {
    let by_status = match status {
        Some(200..=299) => None,
        Some(401 | 403) => Some(Verdict::Fail(ErrorKind::ProviderAuthFailed, Effect::None)),
        Some(429) => Some(Verdict::Fail(ErrorKind::ProviderRateLimited, Effect::None)),
        Some(400..=499) | None => None,
        Some(500..=599) => Some(Verdict::Fail(ErrorKind::ProviderError, Effect::Unknown)),
        // A redirect is never followed: it would carry the credential to a host of the answer's choice.
        Some(_) => Some(Verdict::Fail(ErrorKind::ProviderBadResponse, Effect::Unknown)),
    };
    let effect = match (status, failure) {
        (Some(400..=499), _) => Effect::None,
        (None, Some(TransportFailure::NotConnected | TransportFailure::ConnectTimeout)) => Effect::None,
        _ => Effect::Unknown,
    };
    by_status.unwrap_or(match failure {
        None if status.is_some() => Verdict::Pass,
        None | Some(TransportFailure::NotConnected | TransportFailure::Interrupted) => {
            Verdict::Fail(ErrorKind::ProviderError, effect)
        }
        Some(TransportFailure::ConnectTimeout | TransportFailure::Timeout) => {
            Verdict::Fail(ErrorKind::ProviderTimeout, effect)
        }
        Some(TransportFailure::Undecodable | TransportFailure::TooLarge) => {
            Verdict::Fail(ErrorKind::ProviderBadResponse, effect)
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const AUTH: Verdict = Verdict::Fail(ErrorKind::ProviderAuthFailed, Effect::None);
    const LIMITED: Verdict = Verdict::Fail(ErrorKind::ProviderRateLimited, Effect::None);
    const FAILED: Verdict = Verdict::Fail(ErrorKind::ProviderError, Effect::Unknown);
    const BAD: Verdict = Verdict::Fail(ErrorKind::ProviderBadResponse, Effect::Unknown);

    #[rstest]
    #[case(&[200, 201, 204, 206, 299], Verdict::Pass)]
    #[case(&[400, 402, 404, 405, 408, 409, 410, 413, 422, 425, 451, 499], Verdict::Pass)]
    #[case(&[401, 403], AUTH)]
    #[case(&[429], LIMITED)]
    #[case(&[500, 501, 502, 503, 504, 520, 521, 530, 599], FAILED)]
    #[case(&[300, 301, 302, 303, 304, 307, 308, 399], BAD)]
    #[case(&[0, 99, 100, 101, 103, 199, 600, 999, u16::MAX], BAD)]
    fn each_status_has_its_verdict(#[case] statuses: &[u16], #[case] verdict: Verdict) {
        for status in statuses {
            assert_eq!(classify(Some(*status), None), verdict, "{status}");
        }
    }

    #[rstest]
    #[case(TransportFailure::NotConnected, ErrorKind::ProviderError, Effect::None)]
    #[case(TransportFailure::ConnectTimeout, ErrorKind::ProviderTimeout, Effect::None)]
    #[case(TransportFailure::Timeout, ErrorKind::ProviderTimeout, Effect::Unknown)]
    #[case(TransportFailure::Interrupted, ErrorKind::ProviderError, Effect::Unknown)]
    #[case(TransportFailure::Undecodable, ErrorKind::ProviderBadResponse, Effect::Unknown)]
    #[case(TransportFailure::TooLarge, ErrorKind::ProviderBadResponse, Effect::Unknown)]
    fn each_failure_has_its_verdict(
        #[case] failure: TransportFailure,
        #[case] kind: ErrorKind,
        #[case] effect: Effect,
    ) {
        assert_eq!(classify(None, Some(failure)), Verdict::Fail(kind, effect));
    }

    #[test]
    fn a_body_that_broke_off_under_a_refusal_is_a_failure_without_effect() {
        assert_eq!(
            classify(Some(404), Some(TransportFailure::Interrupted)),
            Verdict::Fail(ErrorKind::ProviderError, Effect::None)
        );
        assert_eq!(classify(Some(200), Some(TransportFailure::Interrupted)), FAILED);
        assert_eq!(classify(Some(201), Some(TransportFailure::TooLarge)), BAD);
    }

    proptest! {
        #[test]
        fn every_status_and_failure_has_a_verdict_and_only_a_whole_answer_passes(
            status in proptest::option::of(any::<u16>()),
            failure in proptest::option::of(proptest::sample::select(&TransportFailure::ALL[..])),
        ) {
            let verdict = classify(status, failure);
            let readable = matches!(status, Some(200..=299 | 400 | 402 | 404..=428 | 430..=499));
            prop_assert_eq!(verdict == Verdict::Pass, readable && failure.is_none());
            if let Verdict::Fail(kind, _) = verdict {
                prop_assert!(matches!(
                    kind,
                    ErrorKind::ProviderAuthFailed
                        | ErrorKind::ProviderRateLimited
                        | ErrorKind::ProviderError
                        | ErrorKind::ProviderBadResponse
                        | ErrorKind::ProviderTimeout
                ));
            }
        }
    }
}
