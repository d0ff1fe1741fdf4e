//! The closed list of problem codes and what each implies.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

// `$text` is a `tt`: utoipa does not see the text of a `literal` that comes through a macro.
macro_rules! codes {
    ($(
        #[doc = $meaning:literal]
        $name:ident = $text:tt, $status:ident, $title:literal, $retryable:literal, $advice:literal;
    )*) => {
        /// A stable name for a cause. The status says who must act.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[schema(as = ProblemCode)]
        pub enum Code {
            $(#[doc = $meaning] #[serde(rename = $text)] $name,)*
        }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The code of this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }

            /// The `type` of a problem with this code.
            #[must_use]
            pub fn type_uri(self) -> &'static str {
                match self { $(Self::$name => concat!("/problems/", $text),)* }
            }

            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The cause in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning.trim_ascii(),)* }
            }

            /// What whoever is told of it does next. Names stand in backticks.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }

            /// Whether repeating the same request may help, unless the problem itself says otherwise.
            #[must_use]
            pub fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }
        }
    };
}

codes! {
    /// No token, or not a valid one.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "Not authenticated", false,
        "Send `Authorization: Bearer TOKEN`: not expired, from an issuer configured here, for this audience. Why it is refused the gateway's log alone says, by `request_id`.";
    /// A webhook that its provider did not sign, or signed too long ago.
    InvalidSignature = "invalid_signature", UNAUTHORIZED, "Not signed by the provider", false,
        "Check that the key configured here is the one that the provider signs with, and that the clocks agree.";
    /// A webhook that cannot be checked yet for want of a key.
    WebhookKeyUnavailable = "webhook_key_unavailable", SERVICE_UNAVAILABLE, "No key to check it with", true,
        "The provider sends it again by itself. If it lasts, see whether `public_key_url` can be reached from here.";
    /// The token lacks the scope.
    InsufficientScope = "insufficient_scope", FORBIDDEN, "Scope missing", false,
        "Ask whoever issues your tokens for the scope that `detail` names.";
    /// No such provider, or not this caller's.
    ProviderNotFound = "provider_not_found", NOT_FOUND, "Unknown provider", false,
        "`list_providers` says which this token sees. Ask whoever issues your tokens, or the operator, for another.";
    /// Bad id, query or body, or values that the provider refuses.
    InvalidRequest = "invalid_request", BAD_REQUEST, "Invalid request", false,
        "Mend what `errors` names. The same request fails again.";
    /// A cursor that cannot be decoded or belongs to another query.
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "Invalid cursor", false,
        "Begin again without `cursor`: it is good for the filters that it was made with alone.";
    /// The body is not declared as JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Unsupported media type", false,
        "Send the body as `Content-Type: application/json`, in UTF-8.";
    /// The body is over 64 KiB, that of a webhook over 256 KiB.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "Body too large", false,
        "Send less at once: at most 64 KiB, in a webhook 256 KiB.";
    /// The headers are over 32 KiB.
    HeadersTooLarge = "headers_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE, "Headers too large", false,
        "Send fewer or shorter headers: at most 32 KiB.";
    /// The URI is too long.
    UriTooLong = "uri_too_long", URI_TOO_LONG, "URI too long", false,
        "Shorten the query: with the path at most 8 KiB.";
    /// The body came too slowly.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "Request too slow", false,
        "Nothing was done. Send head and body without pauses, over a better connection.";
    /// The route has no such method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "Method not allowed", false,
        "Use a method that the `Allow` header names.";
    /// No such route.
    RouteNotFound = "route_not_found", NOT_FOUND, "No such route", false,
        "Compare the path with `/openapi.json`.";
    /// Nothing is live in the room.
    SessionNotLive = "session_not_live", NOT_FOUND, "Nothing live here", false,
        "Nobody is in the room now, or there is no such room. `list_live_sessions` says which rooms are live.";
    /// The provider knows no such session.
    SessionNotFound = "session_not_found", NOT_FOUND, "Unknown session", false,
        "Check `session_id`; providers forget old sessions. `list_sessions` says which there are.";
    /// The provider knows no such participant.
    ParticipantNotFound = "participant_not_found", NOT_FOUND, "Unknown participant", false,
        "The person has left, or the id is of another session. Read the participants again.";
    /// The provider cannot do it.
    CapabilityUnsupported = "capability_unsupported", NOT_IMPLEMENTED, "Not offered by this provider", false,
        "Look at `capabilities` in `list_providers` first; another provider may be able to do it.";
    /// The room holds another session than the one expected.
    SessionChanged = "session_changed", CONFLICT, "Another session is running", false,
        "Nothing was done. Read the live session again and decide anew.";
    /// The idempotency key was used with another body.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "Idempotency key reused", false,
        "Use a new `Idempotency-Key` for another body or route.";
    /// The audit log cannot be written, so nothing was sent.
    AuditUnavailable = "audit_unavailable", SERVICE_UNAVAILABLE, "Audit log unavailable", true,
        "Nothing was sent. Repeat it after `Retry-After`; the operator must see to the audit log.";
    /// The caller is over our limit.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests", true,
        "Wait for `Retry-After` seconds; `RateLimit-Policy` says the limit. Do not poll: `stream_events` tells changes.";
    /// Our credential or account was refused by the provider.
    ProviderAuthFailed = "provider_auth_failed", BAD_GATEWAY, "Provider refused our credential", false,
        "The operator must renew the credential of the `provider`.";
    /// The provider throttles us, or our own budget for it is spent.
    ProviderRateLimited = "provider_rate_limited", SERVICE_UNAVAILABLE, "Provider rate limit", true,
        "Wait for `Retry-After` seconds. If it comes often, the `provider`'s budget is too small.";
    /// The provider failed.
    ProviderError = "provider_error", BAD_GATEWAY, "Provider failed", true,
        "Repeat a read after some seconds; a mutation only if this says `retryable: true`, else look first whether it took effect.";
    /// The provider gave an answer that cannot be trusted.
    ProviderBadResponse = "provider_bad_response", BAD_GATEWAY, "Provider answered nonsense", false,
        "Tell the operator the `request_id`: the provider has changed, or something stands between.";
    /// The provider was too slow.
    ProviderTimeout = "provider_timeout", GATEWAY_TIMEOUT, "Provider too slow", true,
        "Repeat a read. Whether a mutation took effect is not known: look first.";
    /// The provider is not being called for a moment, or Rollcall is not ready to call one.
    ProviderUnavailable = "provider_unavailable", SERVICE_UNAVAILABLE, "Provider unavailable", true,
        "Wait for `Retry-After` seconds: the provider was failing and is left alone for a moment.";
    /// Rollcall is going down; another instance will answer.
    Draining = "draining", SERVICE_UNAVAILABLE, "Going down", true,
        "Repeat it at once on a new connection: another instance answers.";
    /// Too much is under way.
    Overloaded = "overloaded", SERVICE_UNAVAILABLE, "Overloaded", true,
        "Wait for `Retry-After` seconds, and longer after each refusal.";
    /// Our bug.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Internal error", false,
        "Tell the operator the `request_id`. Look whether a mutation took effect.";
}

impl Code {
    /// The code for an error that was answered without one, by a library below the handlers.
    #[must_use]
    pub fn for_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::FORBIDDEN => Self::InsufficientScope,
            StatusCode::NOT_FOUND => Self::RouteNotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Self::RequestTimeout,
            StatusCode::PAYLOAD_TOO_LARGE => Self::PayloadTooLarge,
            StatusCode::URI_TOO_LONG => Self::UriTooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Self::HeadersTooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            StatusCode::SERVICE_UNAVAILABLE => Self::Overloaded,
            other if other.is_client_error() => Self::InvalidRequest,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_status_gets_a_code_of_that_status_where_there_is_one() {
        for status in [400, 401, 403, 404, 405, 408, 413, 414, 415, 429, 431, 500, 503] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(Code::for_status(status).status(), status);
        }
        assert_eq!(Code::for_status(StatusCode::IM_A_TEAPOT), Code::InvalidRequest);
        assert_eq!(Code::for_status(StatusCode::BAD_GATEWAY), Code::Internal);
    }

    #[test]
    fn the_schema_has_the_names_that_are_sent() {
        let schema = serde_json::to_value(<Code as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::to_value(Code::ALL).unwrap());
    }

    #[test]
    fn the_serialised_name_is_the_code() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert!(code.type_uri().ends_with(code.as_str()));
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert_eq!(Code::named(code.as_str()), Some(*code));
            assert!(code.meaning().ends_with('.') && code.advice().ends_with('.'), "{code:?}");
        }
    }
}
