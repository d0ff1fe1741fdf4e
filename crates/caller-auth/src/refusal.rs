//! Why a request is not authenticated: for our log and metric, never for the caller.

use crate::metric;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The closed set of reasons.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Refusal {
            $($(#[$doc])* $name,)*
        }

        impl Refusal {
            /// The label of the metric `rollcall_auth_refused_total` and the `reason` of the log line.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

refusals! {
    NoToken = "no_token";
    /// Several `Authorization` headers, or one that is not `Bearer` and a token.
    NotOneBearer = "not_one_bearer";
    /// More than 8 KiB.
    TooLarge = "too_large";
    /// Not three parts, not canonical base64url, or not JSON objects.
    Malformed = "malformed";
    /// A header member or a claim is given twice.
    Duplicate = "duplicate_member";
    /// A header member that would have to be understood, or a `kid` that is no text.
    Header = "header_member";
    /// `typ` is there and is neither `JWT` nor `at+jwt`.
    Type = "typ";
    /// There is no key at all (yet).
    NoKeys = "no_keys";
    /// No `kid`, and more than one key fits the algorithm.
    KeyNotNamed = "kid_missing";
    /// A `kid` that names no key.
    UnknownKey = "kid_unknown";
    /// No key of that `kid` has the algorithm that `alg` names.
    Algorithm = "algorithm";
    /// The signature does not verify.
    Signature = "signature";
    /// A claim is missing or of a wrong type.
    Claim = "claim";
    /// `iss` names no issuer that is configured.
    Issuer = "issuer";
    /// `aud` does not hold ours.
    Audience = "audience";
    /// A claim that the configuration requires is missing or has another value.
    RequiredClaim = "required_claim";
    Expired = "expired";
    /// `nbf` is to come.
    NotYetValid = "not_yet_valid";
    /// `iat` is in the future.
    IssuedInFuture = "issued_in_future";
    /// `exp` is not after `iat`, or too long after it.
    Lifetime = "lifetime";
    /// No `providers` claim where one is required.
    ProvidersMissing = "providers_missing";
}

impl Refusal {
    /// Counts and logs it. Nothing of the token is written: at this point it is whatever a stranger sent.
    pub(crate) fn report(self) {
        metrics::counter!(metric::REFUSED, "reason" => self.as_str()).increment(1);
        tracing::info!(reason = self.as_str(), "request not authenticated");
    }
}
