// Generated from the OpenAPI document by `just rust-client`. Not to be edited.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///The `data` of an event of `stream_events`, by its `event`: `session_started` is a `SessionStartedEvent`, and so each other.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum AccountEvent {
        SnapshotEvent(SnapshotEvent),
        SessionStartedEvent(SessionStartedEvent),
        SessionUpdatedEvent(SessionUpdatedEvent),
        SessionEndedEvent(SessionEndedEvent),
        ProviderChangedEvent(ProviderChangedEvent),
        ByeEvent(ByeEvent),
    }
    impl ::std::convert::From<SnapshotEvent> for AccountEvent {
        fn from(value: SnapshotEvent) -> Self {
            Self::SnapshotEvent(value)
        }
    }
    impl ::std::convert::From<SessionStartedEvent> for AccountEvent {
        fn from(value: SessionStartedEvent) -> Self {
            Self::SessionStartedEvent(value)
        }
    }
    impl ::std::convert::From<SessionUpdatedEvent> for AccountEvent {
        fn from(value: SessionUpdatedEvent) -> Self {
            Self::SessionUpdatedEvent(value)
        }
    }
    impl ::std::convert::From<SessionEndedEvent> for AccountEvent {
        fn from(value: SessionEndedEvent) -> Self {
            Self::SessionEndedEvent(value)
        }
    }
    impl ::std::convert::From<ProviderChangedEvent> for AccountEvent {
        fn from(value: ProviderChangedEvent) -> Self {
            Self::ProviderChangedEvent(value)
        }
    }
    impl ::std::convert::From<ByeEvent> for AccountEvent {
        fn from(value: ByeEvent) -> Self {
            Self::ByeEvent(value)
        }
    }
    ///A session nested in another. Every field may be null.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct BreakoutRoom {
        ///When the record was made.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///When it ended.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ended_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Live streams running now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub livestream_count: ::std::option::Option<i64>,
        ///The most people in it at once.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub max_participant_count: ::std::option::Option<i64>,
        ///Whatever the customer attached: any JSON.
        pub metadata: ::serde_json::Value,
        ///Minutes of all participants together.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub minutes_consumed: ::std::option::Option<f64>,
        ///People in it now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub participant_count: ::std::option::Option<i64>,
        ///Recordings running now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub recording_count: ::std::option::Option<i64>,
        ///The breakout's own room.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub room_id: ::std::option::Option<::std::string::String>,
        ///The breakout's own session id.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session_id: ::std::option::Option<::std::string::String>,
        ///When the first person joined.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub started_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Whether it is running.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub status: ::std::option::Option<SessionStatus>,
        ///Its display name.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub title: ::std::option::Option<::std::string::String>,
        ///What kind it is.
        #[serde(
            rename = "type",
            deserialize_with = "::std::option::Option::deserialize"
        )]
        pub type_: ::std::option::Option<SessionType>,
        ///When the record last changed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    }
    ///The stream ends. Connect again after the `retry` that came with it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ByeEvent {
        ///Why.
        pub reason: ByeReason,
    }
    ///Why a stream ends. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ByeReason {
        #[serde(rename = "draining")]
        Draining,
        #[serde(rename = "token_expired")]
        TokenExpired,
        #[serde(rename = "unauthorized")]
        Unauthorized,
        #[serde(rename = "too_slow")]
        TooSlow,
    }
    impl ::std::fmt::Display for ByeReason {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Draining => f.write_str("draining"),
                Self::TokenExpired => f.write_str("token_expired"),
                Self::Unauthorized => f.write_str("unauthorized"),
                Self::TooSlow => f.write_str("too_slow"),
            }
        }
    }
    impl ::std::str::FromStr for ByeReason {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "draining" => Ok(Self::Draining),
                "token_expired" => Ok(Self::TokenExpired),
                "unauthorized" => Ok(Self::Unauthorized),
                "too_slow" => Ok(Self::TooSlow),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ByeReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ByeReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///A poll to put to a live session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    pub struct CreatePollRequest {
        ///Whether who voted what is hidden.
        #[serde(default = "defaults::create_poll_request_anonymous")]
        pub anonymous: ::std::option::Option<bool>,
        ///Only if this session is running; else 409 `session_changed`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expected_session_id: ::std::option::Option<::std::string::String>,
        ///Whether the votes are hidden until the end.
        #[serde(default = "defaults::create_poll_request_hide_votes")]
        pub hide_votes: ::std::option::Option<bool>,
        ///The answers to choose from, none of them with a control character.
        pub options: ::std::vec::Vec<::std::string::String>,
        ///The question, without control characters.
        pub question: ::std::string::String,
    }
    impl CreatePollRequest {
        pub fn builder() -> builder::CreatePollRequest {
            Default::default()
        }
    }
    ///Conditions of a kick-all; no body is fine too.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[serde(deny_unknown_fields)]
    pub struct KickAllRequest {
        ///Only if this session is running; else 409 `session_changed`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expected_session_id: ::std::option::Option<::std::string::String>,
    }
    impl KickAllRequest {
        pub fn builder() -> builder::KickAllRequest {
            Default::default()
        }
    }
    ///How many were removed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KickAllResult {
        ///The number.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub kicked_count: ::std::option::Option<i64>,
    }
    ///Whom to remove: at least one id, at most 100 in all.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[serde(deny_unknown_fields)]
    pub struct KickRequest {
        ///The customer's own ids.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub custom_participant_ids: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        ///Only if this session is running; else 409 `session_changed`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expected_session_id: ::std::option::Option<::std::string::String>,
        ///Ids as the participants lists give them.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub participant_ids: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
    }
    impl KickRequest {
        pub fn builder() -> builder::KickRequest {
            Default::default()
        }
    }
    ///Who was removed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KickResult {
        ///The people.
        pub kicked: ::std::vec::Vec<KickedParticipant>,
    }
    ///One person who was removed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KickedParticipant {
        ///When the record was made.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The name shown to others.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///Their mail address.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub email: ::std::option::Option<::std::string::String>,
        ///The provider's id of the person.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub participant_id: ::std::option::Option<::std::string::String>,
        ///A picture.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub picture_url: ::std::option::Option<::std::string::String>,
        ///When the record last changed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    }
    /**A stable name for a cause. The status says who must act. Closed: these are all.

| code | status | retryable | what to do |
|---|---|---|---|
| `unauthenticated` | 401 | no | Send `Authorization: Bearer TOKEN`: not expired, from an issuer configured here, for this audience. Why it is refused the gateway's log alone says, by `request_id`. |
| `invalid_signature` | 401 | no | Check that the key configured here is the one that the provider signs with, and that the clocks agree. |
| `webhook_key_unavailable` | 503 | yes | The provider sends it again by itself. If it lasts, see whether `public_key_url` can be reached from here. |
| `insufficient_scope` | 403 | no | Ask whoever issues your tokens for the scope that `detail` names. |
| `provider_not_found` | 404 | no | `list_providers` says which this token sees. Ask whoever issues your tokens, or the operator, for another. |
| `invalid_request` | 400 | no | Mend what `errors` names. The same request fails again. |
| `invalid_cursor` | 400 | no | Begin again without `cursor`: it is good for the filters that it was made with alone. |
| `unsupported_media_type` | 415 | no | Send the body as `Content-Type: application/json`, in UTF-8. |
| `payload_too_large` | 413 | no | Send less at once: at most 64 KiB, in a webhook 256 KiB. |
| `headers_too_large` | 431 | no | Send fewer or shorter headers: at most 32 KiB. |
| `uri_too_long` | 414 | no | Shorten the query: with the path at most 8 KiB. |
| `request_timeout` | 408 | no | Nothing was done. Send head and body without pauses, over a better connection. |
| `method_not_allowed` | 405 | no | Use a method that the `Allow` header names. |
| `route_not_found` | 404 | no | Compare the path with `/openapi.json`. |
| `session_not_live` | 404 | no | Nobody is in the room now, or there is no such room. `list_live_sessions` says which rooms are live. |
| `session_not_found` | 404 | no | Check `session_id`; providers forget old sessions. `list_sessions` says which there are. |
| `participant_not_found` | 404 | no | The person has left, or the id is of another session. Read the participants again. |
| `capability_unsupported` | 501 | no | Look at `capabilities` in `list_providers` first; another provider may be able to do it. |
| `session_changed` | 409 | no | Nothing was done. Read the live session again and decide anew. |
| `idempotency_key_reused` | 422 | no | Use a new `Idempotency-Key` for another body or route. |
| `audit_unavailable` | 503 | yes | Nothing was sent. Repeat it after `Retry-After`; the operator must see to the audit log. |
| `rate_limited` | 429 | yes | Wait for `Retry-After` seconds; `RateLimit-Policy` says the limit. Do not poll: `stream_events` tells changes. |
| `provider_auth_failed` | 502 | no | The operator must renew the credential of the `provider`. |
| `provider_rate_limited` | 503 | yes | Wait for `Retry-After` seconds. If it comes often, the `provider`'s budget is too small. |
| `provider_error` | 502 | yes | Repeat a read after some seconds; a mutation only if this says `retryable: true`, else look first whether it took effect. |
| `provider_bad_response` | 502 | no | Tell the operator the `request_id`: the provider has changed, or something stands between. |
| `provider_timeout` | 504 | yes | Repeat a read. Whether a mutation took effect is not known: look first. |
| `provider_unavailable` | 503 | yes | Wait for `Retry-After` seconds: the provider was failing and is left alone for a moment. |
| `draining` | 503 | yes | Repeat it at once on a new connection: another instance answers. |
| `overloaded` | 503 | yes | Wait for `Retry-After` seconds, and longer after each refusal. |
| `internal` | 500 | no | Tell the operator the `request_id`. Look whether a mutation took effect. |*/
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum KnownProblemCode {
        #[serde(rename = "unauthenticated")]
        Unauthenticated,
        #[serde(rename = "invalid_signature")]
        InvalidSignature,
        #[serde(rename = "webhook_key_unavailable")]
        WebhookKeyUnavailable,
        #[serde(rename = "insufficient_scope")]
        InsufficientScope,
        #[serde(rename = "provider_not_found")]
        ProviderNotFound,
        #[serde(rename = "invalid_request")]
        InvalidRequest,
        #[serde(rename = "invalid_cursor")]
        InvalidCursor,
        #[serde(rename = "unsupported_media_type")]
        UnsupportedMediaType,
        #[serde(rename = "payload_too_large")]
        PayloadTooLarge,
        #[serde(rename = "headers_too_large")]
        HeadersTooLarge,
        #[serde(rename = "uri_too_long")]
        UriTooLong,
        #[serde(rename = "request_timeout")]
        RequestTimeout,
        #[serde(rename = "method_not_allowed")]
        MethodNotAllowed,
        #[serde(rename = "route_not_found")]
        RouteNotFound,
        #[serde(rename = "session_not_live")]
        SessionNotLive,
        #[serde(rename = "session_not_found")]
        SessionNotFound,
        #[serde(rename = "participant_not_found")]
        ParticipantNotFound,
        #[serde(rename = "capability_unsupported")]
        CapabilityUnsupported,
        #[serde(rename = "session_changed")]
        SessionChanged,
        #[serde(rename = "idempotency_key_reused")]
        IdempotencyKeyReused,
        #[serde(rename = "audit_unavailable")]
        AuditUnavailable,
        #[serde(rename = "rate_limited")]
        RateLimited,
        #[serde(rename = "provider_auth_failed")]
        ProviderAuthFailed,
        #[serde(rename = "provider_rate_limited")]
        ProviderRateLimited,
        #[serde(rename = "provider_error")]
        ProviderError,
        #[serde(rename = "provider_bad_response")]
        ProviderBadResponse,
        #[serde(rename = "provider_timeout")]
        ProviderTimeout,
        #[serde(rename = "provider_unavailable")]
        ProviderUnavailable,
        #[serde(rename = "draining")]
        Draining,
        #[serde(rename = "overloaded")]
        Overloaded,
        #[serde(rename = "internal")]
        Internal,
    }
    impl ::std::fmt::Display for KnownProblemCode {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Unauthenticated => f.write_str("unauthenticated"),
                Self::InvalidSignature => f.write_str("invalid_signature"),
                Self::WebhookKeyUnavailable => f.write_str("webhook_key_unavailable"),
                Self::InsufficientScope => f.write_str("insufficient_scope"),
                Self::ProviderNotFound => f.write_str("provider_not_found"),
                Self::InvalidRequest => f.write_str("invalid_request"),
                Self::InvalidCursor => f.write_str("invalid_cursor"),
                Self::UnsupportedMediaType => f.write_str("unsupported_media_type"),
                Self::PayloadTooLarge => f.write_str("payload_too_large"),
                Self::HeadersTooLarge => f.write_str("headers_too_large"),
                Self::UriTooLong => f.write_str("uri_too_long"),
                Self::RequestTimeout => f.write_str("request_timeout"),
                Self::MethodNotAllowed => f.write_str("method_not_allowed"),
                Self::RouteNotFound => f.write_str("route_not_found"),
                Self::SessionNotLive => f.write_str("session_not_live"),
                Self::SessionNotFound => f.write_str("session_not_found"),
                Self::ParticipantNotFound => f.write_str("participant_not_found"),
                Self::CapabilityUnsupported => f.write_str("capability_unsupported"),
                Self::SessionChanged => f.write_str("session_changed"),
                Self::IdempotencyKeyReused => f.write_str("idempotency_key_reused"),
                Self::AuditUnavailable => f.write_str("audit_unavailable"),
                Self::RateLimited => f.write_str("rate_limited"),
                Self::ProviderAuthFailed => f.write_str("provider_auth_failed"),
                Self::ProviderRateLimited => f.write_str("provider_rate_limited"),
                Self::ProviderError => f.write_str("provider_error"),
                Self::ProviderBadResponse => f.write_str("provider_bad_response"),
                Self::ProviderTimeout => f.write_str("provider_timeout"),
                Self::ProviderUnavailable => f.write_str("provider_unavailable"),
                Self::Draining => f.write_str("draining"),
                Self::Overloaded => f.write_str("overloaded"),
                Self::Internal => f.write_str("internal"),
            }
        }
    }
    impl ::std::str::FromStr for KnownProblemCode {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "unauthenticated" => Ok(Self::Unauthenticated),
                "invalid_signature" => Ok(Self::InvalidSignature),
                "webhook_key_unavailable" => Ok(Self::WebhookKeyUnavailable),
                "insufficient_scope" => Ok(Self::InsufficientScope),
                "provider_not_found" => Ok(Self::ProviderNotFound),
                "invalid_request" => Ok(Self::InvalidRequest),
                "invalid_cursor" => Ok(Self::InvalidCursor),
                "unsupported_media_type" => Ok(Self::UnsupportedMediaType),
                "payload_too_large" => Ok(Self::PayloadTooLarge),
                "headers_too_large" => Ok(Self::HeadersTooLarge),
                "uri_too_long" => Ok(Self::UriTooLong),
                "request_timeout" => Ok(Self::RequestTimeout),
                "method_not_allowed" => Ok(Self::MethodNotAllowed),
                "route_not_found" => Ok(Self::RouteNotFound),
                "session_not_live" => Ok(Self::SessionNotLive),
                "session_not_found" => Ok(Self::SessionNotFound),
                "participant_not_found" => Ok(Self::ParticipantNotFound),
                "capability_unsupported" => Ok(Self::CapabilityUnsupported),
                "session_changed" => Ok(Self::SessionChanged),
                "idempotency_key_reused" => Ok(Self::IdempotencyKeyReused),
                "audit_unavailable" => Ok(Self::AuditUnavailable),
                "rate_limited" => Ok(Self::RateLimited),
                "provider_auth_failed" => Ok(Self::ProviderAuthFailed),
                "provider_rate_limited" => Ok(Self::ProviderRateLimited),
                "provider_error" => Ok(Self::ProviderError),
                "provider_bad_response" => Ok(Self::ProviderBadResponse),
                "provider_timeout" => Ok(Self::ProviderTimeout),
                "provider_unavailable" => Ok(Self::ProviderUnavailable),
                "draining" => Ok(Self::Draining),
                "overloaded" => Ok(Self::Overloaded),
                "internal" => Ok(Self::Internal),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for KnownProblemCode {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for KnownProblemCode {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///What is live on all providers, merged. Newest first.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct LiveSessionPage {
        ///Whether all `providers` are `ok`.
        pub complete: bool,
        ///The sessions.
        pub data: ::std::vec::Vec<Session>,
        ///Where this page stands.
        pub page: PageInfo,
        ///How each provider fared.
        pub providers: ::std::vec::Vec<ProviderOutcome>,
    }
    ///Where a page stands in its list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PageInfo {
        ///The most rows this page could hold.
        pub limit: i64,
        ///What to ask for the next page with; null on the last one.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub next_cursor: ::std::option::Option<::std::string::String>,
        ///Rows over all pages; null when the list is incomplete, and for the history.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub total_count: ::std::option::Option<i64>,
    }
    ///Whether a list may lack a provider. Open: more may come to be taken.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum PartialPolicy {
        #[serde(rename = "allow")]
        Allow,
        #[serde(rename = "forbid")]
        Forbid,
    }
    impl ::std::fmt::Display for PartialPolicy {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Allow => f.write_str("allow"),
                Self::Forbid => f.write_str("forbid"),
            }
        }
    }
    impl ::std::str::FromStr for PartialPolicy {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "allow" => Ok(Self::Allow),
                "forbid" => Ok(Self::Forbid),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for PartialPolicy {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for PartialPolicy {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::default::Default for PartialPolicy {
        fn default() -> Self {
            PartialPolicy::Allow
        }
    }
    ///One connection of a person to a session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Participant {
        ///This connection; a person who joined twice has two.
        pub connection_id: ::std::string::String,
        ///The customer's own name for the person.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub custom_participant_id: ::std::option::Option<::std::string::String>,
        ///The name shown to others.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub display_name: ::std::option::Option<::std::string::String>,
        ///When the connection was made.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub joined_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///When it ended; null while it lasts.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub left_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Whatever the customer attached: any JSON.
        pub metadata: ::serde_json::Value,
        ///The id that a kick takes, where the provider can kick; null when this row cannot be addressed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub participant_id: ::std::option::Option<::std::string::String>,
        ///The role, or the name of the preset, as the provider writes it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub role: ::std::option::Option<::std::string::String>,
    }
    ///Somebody came, or is otherwise than before.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ParticipantEvent {
        ///The person, known again by `connection_id`.
        pub participant: Participant,
        ///The provider.
        pub provider: ::std::string::String,
        ///The room that was asked for.
        pub room_id: ::std::string::String,
    }
    ///Somebody left.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ParticipantLeftEvent {
        ///The connection.
        pub connection_id: ::std::string::String,
        ///When it ended.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub left_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The id that a kick takes.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub participant_id: ::std::option::Option<::std::string::String>,
        ///The provider.
        pub provider: ::std::string::String,
        ///The room that was asked for.
        pub room_id: ::std::string::String,
    }
    ///Participants of one session. Those who joined first come first.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ParticipantPage {
        ///The rows.
        pub data: ::std::vec::Vec<Participant>,
        ///When the provider answered.
        pub fetched_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Where this page stands.
        pub page: PageInfo,
        ///The provider's own figure, which may differ from the rows it gives.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub reported_count: ::std::option::Option<i64>,
        ///An older answer: the latest refresh failed.
        pub stale: bool,
    }
    ///A poll as the provider keeps it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Poll {
        ///Whether who voted what is hidden.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub anonymous: ::std::option::Option<bool>,
        ///Who made it, as the provider writes it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///Whether the votes are hidden until the end.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub hide_votes: ::std::option::Option<bool>,
        ///The answers and their votes.
        pub options: ::std::vec::Vec<PollOption>,
        ///The provider's id of it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub poll_id: ::std::option::Option<::std::string::String>,
        ///The question.
        pub question: ::std::string::String,
        ///Who has voted, as the provider writes it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub voted: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }
    ///One answer of a poll.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PollOption {
        ///How many chose it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub count: ::std::option::Option<i64>,
        ///The answer.
        pub text: ::std::string::String,
        ///Who chose it.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub votes: ::std::option::Option<::std::vec::Vec<PollVote>>,
    }
    ///One vote.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PollVote {
        ///The voter's id.
        pub id: ::std::string::String,
        ///The voter's name.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub name: ::std::option::Option<::std::string::String>,
    }
    ///Why a request failed (RFC 9457, `application/problem+json`).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Problem {
        ///The cause as a stable name.
        pub code: ProblemCode,
        ///What happened, to what, and what to do.
        pub detail: ::std::string::String,
        ///Which parts of the request are at fault.
        pub errors: ::std::vec::Vec<ProblemField>,
        ///The path of the request.
        pub instance: ::std::string::String,
        ///The provider it is about.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub provider: ::std::option::Option<::std::string::String>,
        ///For lists: how each provider fared.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub providers: ::std::option::Option<::std::vec::Vec<ProviderOutcome>>,
        ///The id of the request, also in `X-Request-Id`.
        pub request_id: ::std::string::String,
        ///Seconds to wait before repeating it; also in `Retry-After`.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub retry_after_seconds: ::std::option::Option<i64>,
        ///Whether repeating the same request is safe and likely to help.
        pub retryable: bool,
        ///The HTTP status of this answer.
        pub status: i32,
        ///The cause in a few words.
        pub title: ::std::string::String,
        ///A URI that names the cause: `/problems/<code>`.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
        ///The HTTP status that the provider answered.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub upstream_status: ::std::option::Option<i32>,
    }
    /**A stable name for a cause. The status says who must act. Closed: these are all.

| code | status | retryable | what to do |
|---|---|---|---|
| `unauthenticated` | 401 | no | Send `Authorization: Bearer TOKEN`: not expired, from an issuer configured here, for this audience. Why it is refused the gateway's log alone says, by `request_id`. |
| `invalid_signature` | 401 | no | Check that the key configured here is the one that the provider signs with, and that the clocks agree. |
| `webhook_key_unavailable` | 503 | yes | The provider sends it again by itself. If it lasts, see whether `public_key_url` can be reached from here. |
| `insufficient_scope` | 403 | no | Ask whoever issues your tokens for the scope that `detail` names. |
| `provider_not_found` | 404 | no | `list_providers` says which this token sees. Ask whoever issues your tokens, or the operator, for another. |
| `invalid_request` | 400 | no | Mend what `errors` names. The same request fails again. |
| `invalid_cursor` | 400 | no | Begin again without `cursor`: it is good for the filters that it was made with alone. |
| `unsupported_media_type` | 415 | no | Send the body as `Content-Type: application/json`, in UTF-8. |
| `payload_too_large` | 413 | no | Send less at once: at most 64 KiB, in a webhook 256 KiB. |
| `headers_too_large` | 431 | no | Send fewer or shorter headers: at most 32 KiB. |
| `uri_too_long` | 414 | no | Shorten the query: with the path at most 8 KiB. |
| `request_timeout` | 408 | no | Nothing was done. Send head and body without pauses, over a better connection. |
| `method_not_allowed` | 405 | no | Use a method that the `Allow` header names. |
| `route_not_found` | 404 | no | Compare the path with `/openapi.json`. |
| `session_not_live` | 404 | no | Nobody is in the room now, or there is no such room. `list_live_sessions` says which rooms are live. |
| `session_not_found` | 404 | no | Check `session_id`; providers forget old sessions. `list_sessions` says which there are. |
| `participant_not_found` | 404 | no | The person has left, or the id is of another session. Read the participants again. |
| `capability_unsupported` | 501 | no | Look at `capabilities` in `list_providers` first; another provider may be able to do it. |
| `session_changed` | 409 | no | Nothing was done. Read the live session again and decide anew. |
| `idempotency_key_reused` | 422 | no | Use a new `Idempotency-Key` for another body or route. |
| `audit_unavailable` | 503 | yes | Nothing was sent. Repeat it after `Retry-After`; the operator must see to the audit log. |
| `rate_limited` | 429 | yes | Wait for `Retry-After` seconds; `RateLimit-Policy` says the limit. Do not poll: `stream_events` tells changes. |
| `provider_auth_failed` | 502 | no | The operator must renew the credential of the `provider`. |
| `provider_rate_limited` | 503 | yes | Wait for `Retry-After` seconds. If it comes often, the `provider`'s budget is too small. |
| `provider_error` | 502 | yes | Repeat a read after some seconds; a mutation only if this says `retryable: true`, else look first whether it took effect. |
| `provider_bad_response` | 502 | no | Tell the operator the `request_id`: the provider has changed, or something stands between. |
| `provider_timeout` | 504 | yes | Repeat a read. Whether a mutation took effect is not known: look first. |
| `provider_unavailable` | 503 | yes | Wait for `Retry-After` seconds: the provider was failing and is left alone for a moment. |
| `draining` | 503 | yes | Repeat it at once on a new connection: another instance answers. |
| `overloaded` | 503 | yes | Wait for `Retry-After` seconds, and longer after each refusal. |
| `internal` | 500 | no | Tell the operator the `request_id`. Look whether a mutation took effect. |*/
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum ProblemCode {
        Known(KnownProblemCode),
        Other(::std::string::String),
    }
    impl ::std::fmt::Display for ProblemCode {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Known(x) => x.fmt(f),
                Self::Other(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<KnownProblemCode> for ProblemCode {
        fn from(value: KnownProblemCode) -> Self {
            Self::Known(value)
        }
    }
    ///One part of a request that is at fault.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProblemField {
        ///What is wrong with it.
        pub detail: ::std::string::String,
        ///The parameter, header or body field, for example `participant_ids[3]`.
        pub field: ::std::string::String,
    }
    ///What a problem code means and what to do about it (RFC 9457 §4.1).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProblemType {
        ///What to do about it. Markdown: names stand in backticks.
        pub advice: ::std::string::String,
        ///The code.
        pub code: ProblemCode,
        ///The cause in a sentence.
        pub meaning: ::std::string::String,
        ///Whether repeating the same request may help. What a problem says of itself counts for more.
        pub retryable: bool,
        ///The HTTP status that it comes with.
        pub status: i32,
        ///The cause in a few words, as in `title` of the problem.
        pub title: ::std::string::String,
        ///The `type` of every problem with this code: `/problems/<code>`.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }
    ///What a provider can do: one flag per operation id that takes a provider.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderCapabilities {
        ///Put a poll to a live session.
        pub create_poll: bool,
        ///Mutations may name the session they expect.
        pub expected_session_id: bool,
        ///One live session.
        pub get_live_session: bool,
        ///A session by its own id.
        pub get_session: bool,
        ///Remove everybody and end the session.
        pub kick_all_participants: bool,
        ///Remove some participants.
        pub kick_participants: bool,
        ///Who is in a live session.
        pub list_live_participants: bool,
        ///Its sessions are in the merged list.
        pub list_live_sessions: bool,
        ///Those of one room are, when the room is named.
        pub list_room_sessions: bool,
        ///Everybody who was in a session.
        pub list_session_participants: bool,
        ///Its sessions of all times are in the merged history.
        pub list_sessions: bool,
    }
    ///A provider fares otherwise than before.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderChangedEvent {
        ///How it fares. When it `failed` forget its sessions; when it answers again a snapshot comes.
        pub entry: ProviderOutcome,
        ///The provider.
        pub provider: ::std::string::String,
    }
    ///What was seen of a provider lately; never the answer to a probe.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderHealth {
        ///Calls that Rollcall may still make now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub budget_remaining: ::std::option::Option<i64>,
        ///When a call last failed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub last_error_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///How it failed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub last_error_code: ::std::option::Option<ProblemCode>,
        ///When a call last succeeded.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub last_success_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///The judgement.
        pub status: ProviderHealthStatus,
    }
    ///A provider's condition. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ProviderHealthStatus {
        #[serde(rename = "ok")]
        Ok,
        #[serde(rename = "degraded")]
        Degraded,
        #[serde(rename = "unavailable")]
        Unavailable,
        #[serde(rename = "unknown")]
        Unknown,
    }
    impl ::std::fmt::Display for ProviderHealthStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Ok => f.write_str("ok"),
                Self::Degraded => f.write_str("degraded"),
                Self::Unavailable => f.write_str("unavailable"),
                Self::Unknown => f.write_str("unknown"),
            }
        }
    }
    impl ::std::str::FromStr for ProviderHealthStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "ok" => Ok(Self::Ok),
                "degraded" => Ok(Self::Degraded),
                "unavailable" => Ok(Self::Unavailable),
                "unknown" => Ok(Self::Unknown),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ProviderHealthStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ProviderHealthStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///One configured account at a video service.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderInfo {
        ///What it can do.
        pub capabilities: ProviderCapabilities,
        ///What was seen of it lately.
        pub health: ProviderHealth,
        ///Which service it is.
        pub kind: ::std::string::String,
        ///Its id, chosen by the operator.
        pub provider: ::std::string::String,
    }
    ///The providers this caller may see.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderList {
        ///The providers, by id.
        pub data: ::std::vec::Vec<ProviderInfo>,
    }
    ///How one provider fared in a merged list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderOutcome {
        ///When it answered; null when it never did.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub fetched_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Why it is not `ok`.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub problem: ::std::option::Option<ProviderProblem>,
        ///The provider.
        pub provider: ::std::string::String,
        ///How many sessions it has, over all pages; null when it failed, and in the history.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session_count: ::std::option::Option<i64>,
        ///Whether its sessions are in the list.
        pub status: ProviderOutcomeStatus,
    }
    ///Whether a provider's sessions are in a merged list. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ProviderOutcomeStatus {
        #[serde(rename = "ok")]
        Ok,
        #[serde(rename = "stale")]
        Stale,
        #[serde(rename = "failed")]
        Failed,
        #[serde(rename = "unsupported")]
        Unsupported,
    }
    impl ::std::fmt::Display for ProviderOutcomeStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Ok => f.write_str("ok"),
                Self::Stale => f.write_str("stale"),
                Self::Failed => f.write_str("failed"),
                Self::Unsupported => f.write_str("unsupported"),
            }
        }
    }
    impl ::std::str::FromStr for ProviderOutcomeStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "ok" => Ok(Self::Ok),
                "stale" => Ok(Self::Stale),
                "failed" => Ok(Self::Failed),
                "unsupported" => Ok(Self::Unsupported),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ProviderOutcomeStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ProviderOutcomeStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///How one provider failed, inside a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ProviderProblem {
        ///The cause as a stable name.
        pub code: ProblemCode,
        ///What happened.
        pub detail: ::std::string::String,
        ///Seconds to wait.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub retry_after_seconds: ::std::option::Option<i64>,
        ///Whether asking again is likely to help.
        pub retryable: bool,
    }
    ///What only RealtimeKit says of a session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RealtimeKitExtensions {
        ///The meeting's UUID, or a V1 room name.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub associated_id: ::std::option::Option<::std::string::String>,
        ///The organization, which is the app.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub organization_id: ::std::option::Option<::std::string::String>,
    }
    ///The `data` of an event of `stream_room_events`, by its `event`: `snapshot` is a `RoomSnapshotEvent`, `participant_joined` and `participant_updated` a `ParticipantEvent`, each other as in `AccountEvent`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum RoomEvent {
        RoomSnapshotEvent(RoomSnapshotEvent),
        SessionStartedEvent(SessionStartedEvent),
        SessionUpdatedEvent(SessionUpdatedEvent),
        SessionEndedEvent(SessionEndedEvent),
        ParticipantEvent(ParticipantEvent),
        ParticipantLeftEvent(ParticipantLeftEvent),
        ProviderChangedEvent(ProviderChangedEvent),
        ByeEvent(ByeEvent),
    }
    impl ::std::convert::From<RoomSnapshotEvent> for RoomEvent {
        fn from(value: RoomSnapshotEvent) -> Self {
            Self::RoomSnapshotEvent(value)
        }
    }
    impl ::std::convert::From<SessionStartedEvent> for RoomEvent {
        fn from(value: SessionStartedEvent) -> Self {
            Self::SessionStartedEvent(value)
        }
    }
    impl ::std::convert::From<SessionUpdatedEvent> for RoomEvent {
        fn from(value: SessionUpdatedEvent) -> Self {
            Self::SessionUpdatedEvent(value)
        }
    }
    impl ::std::convert::From<SessionEndedEvent> for RoomEvent {
        fn from(value: SessionEndedEvent) -> Self {
            Self::SessionEndedEvent(value)
        }
    }
    impl ::std::convert::From<ParticipantEvent> for RoomEvent {
        fn from(value: ParticipantEvent) -> Self {
            Self::ParticipantEvent(value)
        }
    }
    impl ::std::convert::From<ParticipantLeftEvent> for RoomEvent {
        fn from(value: ParticipantLeftEvent) -> Self {
            Self::ParticipantLeftEvent(value)
        }
    }
    impl ::std::convert::From<ProviderChangedEvent> for RoomEvent {
        fn from(value: ProviderChangedEvent) -> Self {
            Self::ProviderChangedEvent(value)
        }
    }
    impl ::std::convert::From<ByeEvent> for RoomEvent {
        fn from(value: ByeEvent) -> Self {
            Self::ByeEvent(value)
        }
    }
    ///What runs in a room and who is in it, or a piece of that. Nothing comes between the pieces.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct RoomSnapshotEvent {
        ///How the provider fares; when it `failed`, session and people are unknown.
        pub entry: ProviderOutcome,
        ///The first piece: forget what was known of the room.
        pub first: bool,
        ///The last piece.
        pub last: bool,
        ///The people of this piece.
        pub participants: ::std::vec::Vec<Participant>,
        ///How often the room is asked now at most, in seconds.
        pub poll_seconds: f64,
        ///The provider.
        pub provider: ::std::string::String,
        ///The provider's own figure.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub reported_count: ::std::option::Option<i64>,
        ///The room that was asked for.
        pub room_id: ::std::string::String,
        ///The session that runs; null when the room is idle.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session: ::std::option::Option<Session>,
    }
    ///One occupancy of a room.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Session {
        ///Its breakout rooms.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub breakout_rooms: ::std::option::Option<::std::vec::Vec<BreakoutRoom>>,
        ///When the record was made.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub created_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///When it ended.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub ended_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///What only one kind of provider says.
        pub extensions: SessionExtensions,
        ///When the provider answered.
        pub fetched_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The kind of that provider.
        pub kind: ::std::string::String,
        ///Live streams running now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub livestream_count: ::std::option::Option<i64>,
        ///The most people in it at once.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub max_participant_count: ::std::option::Option<i64>,
        ///Whatever the customer attached: any JSON.
        pub metadata: ::serde_json::Value,
        ///Minutes of all participants together.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub minutes_consumed: ::std::option::Option<f64>,
        ///People in it now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub participant_count: ::std::option::Option<i64>,
        ///The provider it runs on.
        pub provider: ::std::string::String,
        ///Recordings running now.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub recording_count: ::std::option::Option<i64>,
        ///The room: the one asked for or, in lists, the provider's own.
        pub room_id: ::std::string::String,
        ///The session's own id; null where the provider gives it only by further calls (`include=session_id`).
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session_id: ::std::option::Option<::std::string::String>,
        ///An older answer: the latest refresh failed.
        pub stale: bool,
        ///When the first person joined.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub started_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Whether it is running.
        pub status: SessionStatus,
        ///The room's display name.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub title: ::std::option::Option<::std::string::String>,
        ///What kind it is.
        #[serde(
            rename = "type",
            deserialize_with = "::std::option::Option::deserialize"
        )]
        pub type_: ::std::option::Option<SessionType>,
        ///When the record last changed.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub updated_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    }
    ///Why a session is over. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionEndReason {
        #[serde(rename = "ended")]
        Ended,
        #[serde(rename = "replaced")]
        Replaced,
    }
    impl ::std::fmt::Display for SessionEndReason {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Ended => f.write_str("ended"),
                Self::Replaced => f.write_str("replaced"),
            }
        }
    }
    impl ::std::str::FromStr for SessionEndReason {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "ended" => Ok(Self::Ended),
                "replaced" => Ok(Self::Replaced),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionEndReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionEndReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///A session is over.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionEndedEvent {
        ///The provider.
        pub provider: ::std::string::String,
        ///Why.
        pub reason: SessionEndReason,
        ///Its room.
        pub room_id: ::std::string::String,
        ///The session's own id.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session_id: ::std::option::Option<::std::string::String>,
    }
    ///What only one kind of provider says of a session.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionExtensions {
        ///Of a RealtimeKit session; null for any other.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub realtimekit: ::std::option::Option<RealtimeKitExtensions>,
    }
    ///What some providers give only by further calls. Open: more may come to be taken.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionInclude {
        #[serde(rename = "participant_count")]
        ParticipantCount,
        #[serde(rename = "session_id")]
        SessionId,
        #[serde(rename = "media_counts")]
        MediaCounts,
    }
    impl ::std::fmt::Display for SessionInclude {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::ParticipantCount => f.write_str("participant_count"),
                Self::SessionId => f.write_str("session_id"),
                Self::MediaCounts => f.write_str("media_counts"),
            }
        }
    }
    impl ::std::str::FromStr for SessionInclude {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "participant_count" => Ok(Self::ParticipantCount),
                "session_id" => Ok(Self::SessionId),
                "media_counts" => Ok(Self::MediaCounts),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionInclude {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionInclude {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Sessions that ran or run on all providers, merged. Newest first.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionPage {
        ///Whether all `providers` are `ok`.
        pub complete: bool,
        ///The sessions.
        pub data: ::std::vec::Vec<Session>,
        ///Where this page stands.
        pub page: PageInfo,
        ///How each provider fared.
        pub providers: ::std::vec::Vec<ProviderOutcome>,
    }
    ///A session began.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionStartedEvent {
        ///The provider.
        pub provider: ::std::string::String,
        ///The session.
        pub session: Session,
    }
    ///Whether a session is running. `unknown`: a value that the provider has added since. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionStatus {
        #[serde(rename = "live")]
        Live,
        #[serde(rename = "ended")]
        Ended,
        #[serde(rename = "unknown")]
        Unknown,
    }
    impl ::std::fmt::Display for SessionStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Live => f.write_str("live"),
                Self::Ended => f.write_str("ended"),
                Self::Unknown => f.write_str("unknown"),
            }
        }
    }
    impl ::std::str::FromStr for SessionStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "live" => Ok(Self::Live),
                "ended" => Ok(Self::Ended),
                "unknown" => Ok(Self::Unknown),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Which sessions are wanted. Open: more may come to be taken.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionStatusFilter {
        #[serde(rename = "live")]
        Live,
        #[serde(rename = "ended")]
        Ended,
    }
    impl ::std::fmt::Display for SessionStatusFilter {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Live => f.write_str("live"),
                Self::Ended => f.write_str("ended"),
            }
        }
    }
    impl ::std::str::FromStr for SessionStatusFilter {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "live" => Ok(Self::Live),
                "ended" => Ok(Self::Ended),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionStatusFilter {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionStatusFilter {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///What kind of session it is. `unknown`: a value that the provider has added since. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SessionType {
        #[serde(rename = "meeting")]
        Meeting,
        #[serde(rename = "livestream")]
        Livestream,
        #[serde(rename = "participant")]
        Participant,
        #[serde(rename = "unknown")]
        Unknown,
    }
    impl ::std::fmt::Display for SessionType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Meeting => f.write_str("meeting"),
                Self::Livestream => f.write_str("livestream"),
                Self::Participant => f.write_str("participant"),
                Self::Unknown => f.write_str("unknown"),
            }
        }
    }
    impl ::std::str::FromStr for SessionType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "meeting" => Ok(Self::Meeting),
                "livestream" => Ok(Self::Livestream),
                "participant" => Ok(Self::Participant),
                "unknown" => Ok(Self::Unknown),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SessionType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SessionType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Something about a session has changed.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionUpdatedEvent {
        ///The fields of the session that have changed, with their new values.
        pub changes: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ///The provider.
        pub provider: ::std::string::String,
        ///Its room.
        pub room_id: ::std::string::String,
        ///The session's own id.
        #[serde(deserialize_with = "::std::option::Option::deserialize")]
        pub session_id: ::std::option::Option<::std::string::String>,
    }
    ///What is live on a provider, or a piece of it. Nothing comes between the pieces.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SnapshotEvent {
        ///The sessions of this piece.
        pub data: ::std::vec::Vec<Session>,
        ///How it fares; when it `failed` its sessions are unknown.
        pub entry: ProviderOutcome,
        ///The first piece: forget what was known of this provider.
        pub first: bool,
        ///The last piece.
        pub last: bool,
        ///How often it is asked now, in seconds.
        pub poll_seconds: f64,
        ///The provider.
        pub provider: ::std::string::String,
    }
    ///A condition in which the gateway answers. Closed: these are all.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SystemState {
        #[serde(rename = "ok")]
        Ok,
        #[serde(rename = "ready")]
        Ready,
    }
    impl ::std::fmt::Display for SystemState {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Ok => f.write_str("ok"),
                Self::Ready => f.write_str("ready"),
            }
        }
    }
    impl ::std::str::FromStr for SystemState {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "ok" => Ok(Self::Ok),
                "ready" => Ok(Self::Ready),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SystemState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SystemState {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///The gateway's own condition.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SystemStatus {
        ///The condition; a problem is answered for any other.
        pub status: SystemState,
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct CreatePollRequest {
            anonymous: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            expected_session_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            hide_votes: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            options: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            question: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CreatePollRequest {
            fn default() -> Self {
                Self {
                    anonymous: Ok(super::defaults::create_poll_request_anonymous()),
                    expected_session_id: Ok(Default::default()),
                    hide_votes: Ok(super::defaults::create_poll_request_hide_votes()),
                    options: Err("no value supplied for options".to_string()),
                    question: Err("no value supplied for question".to_string()),
                }
            }
        }
        impl CreatePollRequest {
            pub fn anonymous<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.anonymous = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for anonymous: {e}")
                    });
                self
            }
            pub fn expected_session_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.expected_session_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expected_session_id: {e}"
                        )
                    });
                self
            }
            pub fn hide_votes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.hide_votes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for hide_votes: {e}")
                    });
                self
            }
            pub fn options<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.options = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for options: {e}")
                    });
                self
            }
            pub fn question<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.question = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for question: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CreatePollRequest> for super::CreatePollRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CreatePollRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    anonymous: value.anonymous?,
                    expected_session_id: value.expected_session_id?,
                    hide_votes: value.hide_votes?,
                    options: value.options?,
                    question: value.question?,
                })
            }
        }
        impl ::std::convert::From<super::CreatePollRequest> for CreatePollRequest {
            fn from(value: super::CreatePollRequest) -> Self {
                Self {
                    anonymous: Ok(value.anonymous),
                    expected_session_id: Ok(value.expected_session_id),
                    hide_votes: Ok(value.hide_votes),
                    options: Ok(value.options),
                    question: Ok(value.question),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct KickAllRequest {
            expected_session_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for KickAllRequest {
            fn default() -> Self {
                Self {
                    expected_session_id: Ok(Default::default()),
                }
            }
        }
        impl KickAllRequest {
            pub fn expected_session_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.expected_session_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expected_session_id: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<KickAllRequest> for super::KickAllRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: KickAllRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    expected_session_id: value.expected_session_id?,
                })
            }
        }
        impl ::std::convert::From<super::KickAllRequest> for KickAllRequest {
            fn from(value: super::KickAllRequest) -> Self {
                Self {
                    expected_session_id: Ok(value.expected_session_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct KickRequest {
            custom_participant_ids: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
            expected_session_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            participant_ids: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for KickRequest {
            fn default() -> Self {
                Self {
                    custom_participant_ids: Ok(Default::default()),
                    expected_session_id: Ok(Default::default()),
                    participant_ids: Ok(Default::default()),
                }
            }
        }
        impl KickRequest {
            pub fn custom_participant_ids<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.custom_participant_ids = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for custom_participant_ids: {e}"
                        )
                    });
                self
            }
            pub fn expected_session_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.expected_session_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expected_session_id: {e}"
                        )
                    });
                self
            }
            pub fn participant_ids<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.participant_ids = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for participant_ids: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<KickRequest> for super::KickRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: KickRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    custom_participant_ids: value.custom_participant_ids?,
                    expected_session_id: value.expected_session_id?,
                    participant_ids: value.participant_ids?,
                })
            }
        }
        impl ::std::convert::From<super::KickRequest> for KickRequest {
            fn from(value: super::KickRequest) -> Self {
                Self {
                    custom_participant_ids: Ok(value.custom_participant_ids),
                    expected_session_id: Ok(value.expected_session_id),
                    participant_ids: Ok(value.participant_ids),
                }
            }
        }
    }
    /// Generation of default values for serde.
    pub mod defaults {
        pub(super) fn create_poll_request_anonymous() -> ::std::option::Option<bool> {
            ::std::option::Option::Some(false)
        }
        pub(super) fn create_poll_request_hide_votes() -> ::std::option::Option<bool> {
            ::std::option::Option::Some(false)
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Rollcall

Who is live, right now, on which video provider? One API over Huddle01 and Cloudflare RealtimeKit.

## A token
Send `Authorization: Bearer TOKEN`: a JWT from an issuer that is configured here, for this audience. Its `scope` holds `sessions:read` (the reads and events) or `sessions:moderate` (kicks and polls); `providers`, where present, lists what it sees. Whoever runs your identity provider gives you one, by client credentials; `rollcall demo` prints one to try, `rollcall token` signs one.

## Bodies
Every documented member of an answer is always there; `null` means that the provider did not say, it is never a made-up 0. Times are RFC 3339 in UTC. In what you send, unknown members and parameters are refused; `null` is the same as leaving a member out.

## Pages
Lists take `limit` and `cursor`. Go on with `page.next_cursor` until it is null. A cursor is opaque and good for the filters that it was made with; `limit` may change. A walk repeats no session that stayed and skips none, though others begin and end meanwhile.

## One provider fails, the others answer
A list is 200 as long as one provider can be used. `complete` says whether all were, `providers` how each fared: *nothing is live* and *could not ask* never look alike. `partial=forbid` asks for all or a problem.

## Freshness
Reads are answered from a cache of some seconds. `fetched_at` says when the provider answered, `stale` that the latest refresh failed, `Age` and `Cache-Status` how old the answer is and where it came from. `Cache-Control: no-cache` asks for an answer that is not older than the request. Send the `ETag` back as `If-None-Match` to get 304 while nothing has changed. To follow what is live do not poll: read `stream_events`.

## Events
`stream_events` and `stream_room_events` are server-sent events. Each begins with snapshots, then tells changes. On reconnecting send `Last-Event-ID`, wait as `retry:` says, and stop at 401 and 403. The schemas of `data` are `AccountEvent` and `RoomEvent`.

## Problems
Every 4xx and 5xx is `application/problem+json` (RFC 9457) with a stable `code`; `detail` says what happened and what to do. Decide by `code`, never by `title` or `detail`. Each operation tells its codes by status, `ProblemCode` and `/problems/{code}` what to do about each.

## Retries
Repeat a request only when its problem says `retryable: true`, after `retry_after_seconds` (also in `Retry-After`) where it is told, else after a second, then ever longer. A mutation is sent to the provider at most once: its problem is retryable only when it surely had no effect. Send an `Idempotency-Key` with it, and a repetition within 10 minutes gets the first answer instead of a second kick.

## Limits
The operator may limit each caller. Where that is so, answers say in `RateLimit-Policy` what the limit is and in `RateLimit` what is left of it; beyond it comes 429 with `Retry-After`.

## What may change in v1
Paths, operation ids, members and their types, statuses and codes stay. These may be added without notice: operations, optional parameters and members of requests, members of answers, headers, kinds of events, values of what is called open. Ignore members and events that you do not know. What is called closed gets no value.

Version: 1.0.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new(baseurl: &str) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap())
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(baseurl: &str, client: reqwest::Client) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
        }
    }
}
impl ClientInfo<()> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &() {
        &()
    }
}
impl ClientHooks<()> for &Client {}
impl Client {
    /**Follow live sessions

A stream (server-sent events) of what is live on every provider that this caller may see, and how it changes. It begins with a `snapshot` of each provider, whose pieces but the last have no `id`. `event` names the schema of `data`: `snapshot`, `session_started`, `session_updated`, `session_ended`, `provider_changed`, `bye`.

Sends a `GET` request to `/v1/events`

Arguments:
- `provider`: Only these providers; by default all that the caller may see. Repeatable.
- `last_event_id`: The `id` of the last event that was read of a stream with the same filter: this one goes on behind it, if that is still kept, else it begins with snapshots. Any value is taken.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.stream_events()
    .provider(provider)
    .last_event_id(last_event_id)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn stream_events(&self) -> builder::StreamEvents<'_> {
        builder::StreamEvents::new(self)
    }
    /**List live sessions

What is live on every provider that this caller may see, merged, newest first. One that answers is enough for a 200; `complete` and `providers` say how each fared.

Sends a `GET` request to `/v1/live-sessions`

Arguments:
- `cursor`: `next_cursor` of the page before.
- `include`: What some providers give only by further calls; null where it was not obtained. Repeatable.
- `limit`: The most rows of the page, 100 by default.
- `partial`: `allow` (the default): one provider that answers is enough. `forbid`: a problem unless all that can do.
- `provider`: Only these providers; by default all that the caller may see. Repeatable.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.list_live_sessions()
    .cursor(cursor)
    .include(include)
    .limit(limit)
    .partial(partial)
    .provider(provider)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn list_live_sessions(&self) -> builder::ListLiveSessions<'_> {
        builder::ListLiveSessions::new(self)
    }
    /**Get a live session

The one session that runs in a room now.

Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `include`: What some providers give only by further calls; null where it was not obtained. Repeatable.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.get_live_session()
    .provider(provider)
    .room_id(room_id)
    .include(include)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn get_live_session(&self) -> builder::GetLiveSession<'_> {
        builder::GetLiveSession::new(self)
    }
    /**Follow a room

A stream (server-sent events) of what runs in a room and who is in it. It begins with a `snapshot`, whose `session` is null while the room is idle. `event` names the schema of `data`: `snapshot`, `session_started`, `session_updated`, `session_ended`, `participant_joined`, `participant_updated`, `participant_left`, `provider_changed`, `bye`.

Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}/events`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `last_event_id`: The `id` of the last event that was read of a stream with the same filter: this one goes on behind it, if that is still kept, else it begins with snapshots. Any value is taken.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.stream_room_events()
    .provider(provider)
    .room_id(room_id)
    .last_event_id(last_event_id)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn stream_room_events(&self) -> builder::StreamRoomEvents<'_> {
        builder::StreamRoomEvents::new(self)
    }
    /**Kick participants

Removes some people from a room's live session. Sent to the provider at most once.

Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/kick`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `idempotency_key`: The same key, caller, route and body within 10 minutes get the first answer again, without a second upstream call. An answer with `retryable: true` is not remembered.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
- `body`
```ignore
let response = client.kick_participants()
    .provider(provider)
    .room_id(room_id)
    .idempotency_key(idempotency_key)
    .x_request_id(x_request_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn kick_participants(&self) -> builder::KickParticipants<'_> {
        builder::KickParticipants::new(self)
    }
    /**Kick all participants

Removes everybody from a room's live session and so ends it. The body may be left out.

Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/kick-all`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `idempotency_key`: The same key, caller, route and body within 10 minutes get the first answer again, without a second upstream call. An answer with `retryable: true` is not remembered.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
- `body`
```ignore
let response = client.kick_all_participants()
    .provider(provider)
    .room_id(room_id)
    .idempotency_key(idempotency_key)
    .x_request_id(x_request_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn kick_all_participants(&self) -> builder::KickAllParticipants<'_> {
        builder::KickAllParticipants::new(self)
    }
    /**List live participants

Who is in a room's live session now, those who joined first come first.

Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}/participants`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `cursor`: `next_cursor` of the page before.
- `limit`: The most rows of the page, 100 by default.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.list_live_participants()
    .provider(provider)
    .room_id(room_id)
    .cursor(cursor)
    .limit(limit)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn list_live_participants(&self) -> builder::ListLiveParticipants<'_> {
        builder::ListLiveParticipants::new(self)
    }
    /**Create a poll

Puts a poll to a room's live session.

Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/polls`

Arguments:
- `provider`: The provider.
- `room_id`: The room, as the provider names it.
- `idempotency_key`: The same key, caller, route and body within 10 minutes get the first answer again, without a second upstream call. An answer with `retryable: true` is not remembered.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
- `body`
```ignore
let response = client.create_poll()
    .provider(provider)
    .room_id(room_id)
    .idempotency_key(idempotency_key)
    .x_request_id(x_request_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_poll(&self) -> builder::CreatePoll<'_> {
        builder::CreatePoll::new(self)
    }
    /**List providers

The providers that this caller may see, by id: what each can do, and what was seen of it lately. Never calls a provider.

Sends a `GET` request to `/v1/providers`

Arguments:
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.list_providers()
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn list_providers(&self) -> builder::ListProviders<'_> {
        builder::ListProviders::new(self)
    }
    /**List sessions

Sessions that ran or run on every provider that this caller may see, merged, newest first. The moment of a session is its `created_at`, or its `started_at` where the provider says no other. A walk gives no session twice and skips none, though others begin, end and vanish meanwhile; a page with a cursor needs every provider, and when it fails its cursor stays good. A provider whose entry is `unsupported` cannot list this; that is no failure.

Sends a `GET` request to `/v1/sessions`

Arguments:
- `cursor`: `next_cursor` of the page before.
- `limit`: The most rows of the page, 50 by default.
- `partial`: `allow` (the default): one provider that answers is enough. `forbid`: a problem unless all that can do.
- `provider`: Only these providers; by default all that the caller may see. Repeatable.
- `room_id`: Only those of this room. Some providers can list those of one room only.
- `since`: Only those whose moment is not before this.
- `status`: Only those that run, or that are over; both by default.
- `until`: Only those whose moment is before this.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.list_sessions()
    .cursor(cursor)
    .limit(limit)
    .partial(partial)
    .provider(provider)
    .room_id(room_id)
    .since(since)
    .status(status)
    .until(until)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn list_sessions(&self) -> builder::ListSessions<'_> {
        builder::ListSessions::new(self)
    }
    /**Get a session

A session by its own id, live or ended.

Sends a `GET` request to `/v1/sessions/{provider}/{session_id}`

Arguments:
- `provider`: The provider.
- `session_id`: The session, as the provider names it.
- `include_breakout_rooms`: Whether to ask for the breakout rooms too.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.get_session()
    .provider(provider)
    .session_id(session_id)
    .include_breakout_rooms(include_breakout_rooms)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn get_session(&self) -> builder::GetSession<'_> {
        builder::GetSession::new(self)
    }
    /**List session participants

Everybody who was in a session, live or ended, those who joined first come first.

Sends a `GET` request to `/v1/sessions/{provider}/{session_id}/participants`

Arguments:
- `provider`: The provider.
- `session_id`: The session, as the provider names it.
- `cursor`: `next_cursor` of the page before.
- `limit`: The most rows of the page, 100 by default.
- `cache_control`: `no-cache` (or `max-age=0`) asks for an answer that is not older than the request. Such reads share upstream calls, and are treated as ordinary ones while less than half of the provider's budget is left.
- `if_none_match`: Entity tags that the caller holds: 304 without a body when one of them names the answer. Compared weakly.
- `x_request_id`: The caller's own id of the request, 1 to 128 characters of `[A-Za-z0-9._-]`; one is made in the place of any other.
```ignore
let response = client.list_session_participants()
    .provider(provider)
    .session_id(session_id)
    .cursor(cursor)
    .limit(limit)
    .cache_control(cache_control)
    .if_none_match(if_none_match)
    .x_request_id(x_request_id)
    .send()
    .await;
```*/
    pub fn list_session_participants(&self) -> builder::ListSessionParticipants<'_> {
        builder::ListSessionParticipants::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::stream_events`]

[`Client::stream_events`]: super::Client::stream_events*/
    #[derive(Debug, Clone)]
    pub struct StreamEvents<'a> {
        client: &'a super::Client,
        provider: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
        last_event_id: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> StreamEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Ok(None),
                last_event_id: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
        {
            self.provider = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn last_event_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.last_event_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for last_event_id failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/events`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<ByteStream>, Error<types::Problem>> {
            let Self { client, provider, last_event_id, x_request_id } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let last_event_id = last_event_id.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/events", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = last_event_id {
                header_map.append("Last-Event-ID", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .query(&progenitor_client::QueryParam::new("provider", &provider))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "stream_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => Ok(ResponseValue::stream(response)),
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_live_sessions`]

[`Client::list_live_sessions`]: super::Client::list_live_sessions*/
    #[derive(Debug, Clone)]
    pub struct ListLiveSessions<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        include: Result<Option<::std::vec::Vec<types::SessionInclude>>, String>,
        limit: Result<Option<i32>, String>,
        partial: Result<Option<types::PartialPolicy>, String>,
        provider: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListLiveSessions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                include: Ok(None),
                limit: Ok(None),
                partial: Ok(None),
                provider: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn include<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::vec::Vec<types::SessionInclude>>,
        {
            self.include = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: vec :: Vec < SessionInclude >` for include failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i32` for limit failed".to_string());
            self
        }
        pub fn partial<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PartialPolicy>,
        {
            self.partial = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `PartialPolicy` for partial failed".to_string()
                });
            self
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
        {
            self.provider = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/live-sessions`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::LiveSessionPage>, Error<types::Problem>> {
            let Self {
                client,
                cursor,
                include,
                limit,
                partial,
                provider,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let include = include.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let partial = partial.map_err(Error::InvalidRequest)?;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/live-sessions", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("include", &include))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("partial", &partial))
                .query(&progenitor_client::QueryParam::new("provider", &provider))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_live_sessions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_live_session`]

[`Client::get_live_session`]: super::Client::get_live_session*/
    #[derive(Debug, Clone)]
    pub struct GetLiveSession<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        include: Result<Option<::std::vec::Vec<types::SessionInclude>>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetLiveSession<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                include: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn include<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::vec::Vec<types::SessionInclude>>,
        {
            self.include = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: vec :: Vec < SessionInclude >` for include failed"
                        .to_string()
                });
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Session>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                room_id,
                include,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let include = include.map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}", client.baseurl, encode_path(& provider
                .to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("include", &include))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_live_session",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::stream_room_events`]

[`Client::stream_room_events`]: super::Client::stream_room_events*/
    #[derive(Debug, Clone)]
    pub struct StreamRoomEvents<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        last_event_id: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> StreamRoomEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                last_event_id: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn last_event_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.last_event_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for last_event_id failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}/events`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<ByteStream>, Error<types::Problem>> {
            let Self { client, provider, room_id, last_event_id, x_request_id } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let last_event_id = last_event_id.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}/events", client.baseurl, encode_path(&
                provider.to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = last_event_id {
                header_map.append("Last-Event-ID", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client.client.get(url).headers(header_map).build()?;
            let info = OperationInfo {
                operation_id: "stream_room_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => Ok(ResponseValue::stream(response)),
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::kick_participants`]

[`Client::kick_participants`]: super::Client::kick_participants*/
    #[derive(Debug, Clone)]
    pub struct KickParticipants<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::KickRequest, String>,
    }
    impl<'a> KickParticipants<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                idempotency_key: Ok(None),
                x_request_id: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::KickRequest>,
            <V as std::convert::TryInto<types::KickRequest>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `KickRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::KickRequest,
            ) -> types::builder::KickRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/kick`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::KickResult>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                room_id,
                idempotency_key,
                x_request_id,
                body,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::KickRequest::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}/kick", client.baseurl, encode_path(& provider
                .to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "kick_participants",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::kick_all_participants`]

[`Client::kick_all_participants`]: super::Client::kick_all_participants*/
    #[derive(Debug, Clone)]
    pub struct KickAllParticipants<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
        body: Result<::std::option::Option<types::KickAllRequest>, String>,
    }
    impl<'a> KickAllParticipants<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                idempotency_key: Ok(None),
                x_request_id: Ok(None),
                body: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::option::Option<types::KickAllRequest>>,
        {
            self.body = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: option :: Option < KickAllRequest >` for body failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/kick-all`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::KickAllResult>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                room_id,
                idempotency_key,
                x_request_id,
                body,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let body = body.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}/kick-all", client.baseurl, encode_path(&
                provider.to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "kick_all_participants",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_live_participants`]

[`Client::list_live_participants`]: super::Client::list_live_participants*/
    #[derive(Debug, Clone)]
    pub struct ListLiveParticipants<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<i32>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListLiveParticipants<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                cursor: Ok(None),
                limit: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i32` for limit failed".to_string());
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/live-sessions/{provider}/{room_id}/participants`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ParticipantPage>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                room_id,
                cursor,
                limit,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}/participants", client.baseurl, encode_path(&
                provider.to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_live_participants",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_poll`]

[`Client::create_poll`]: super::Client::create_poll*/
    #[derive(Debug, Clone)]
    pub struct CreatePoll<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        room_id: Result<::std::string::String, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::CreatePollRequest, String>,
    }
    impl<'a> CreatePoll<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                room_id: Err("room_id was not initialized".to_string()),
                idempotency_key: Ok(None),
                x_request_id: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::CreatePollRequest>,
            <V as std::convert::TryInto<
                types::CreatePollRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `CreatePollRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::CreatePollRequest,
            ) -> types::builder::CreatePollRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/v1/live-sessions/{provider}/{room_id}/polls`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Poll>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                room_id,
                idempotency_key,
                x_request_id,
                body,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::CreatePollRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/live-sessions/{}/{}/polls", client.baseurl, encode_path(& provider
                .to_string()), encode_path(& room_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_poll",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                408u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                409u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                413u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                415u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                422u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_providers`]

[`Client::list_providers`]: super::Client::list_providers*/
    #[derive(Debug, Clone)]
    pub struct ListProviders<'a> {
        client: &'a super::Client,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListProviders<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                x_request_id: Ok(None),
            }
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/providers`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ProviderList>, Error<types::Problem>> {
            let Self { client, x_request_id } = self;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/providers", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_providers",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_sessions`]

[`Client::list_sessions`]: super::Client::list_sessions*/
    #[derive(Debug, Clone)]
    pub struct ListSessions<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<i32>, String>,
        partial: Result<Option<types::PartialPolicy>, String>,
        provider: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
        room_id: Result<Option<::std::string::String>, String>,
        since: Result<Option<::chrono::DateTime<::chrono::offset::Utc>>, String>,
        status: Result<Option<types::SessionStatusFilter>, String>,
        until: Result<Option<::chrono::DateTime<::chrono::offset::Utc>>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListSessions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                limit: Ok(None),
                partial: Ok(None),
                provider: Ok(None),
                room_id: Ok(None),
                since: Ok(None),
                status: Ok(None),
                until: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i32` for limit failed".to_string());
            self
        }
        pub fn partial<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PartialPolicy>,
        {
            self.partial = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `PartialPolicy` for partial failed".to_string()
                });
            self
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
        {
            self.provider = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn room_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.room_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for room_id failed"
                        .to_string()
                });
            self
        }
        pub fn since<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
        {
            self.since = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: chrono :: DateTime < :: chrono :: offset :: Utc >` for since failed"
                        .to_string()
                });
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::SessionStatusFilter>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `SessionStatusFilter` for status failed".to_string()
                });
            self
        }
        pub fn until<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
        {
            self.until = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: chrono :: DateTime < :: chrono :: offset :: Utc >` for until failed"
                        .to_string()
                });
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/sessions`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::SessionPage>, Error<types::Problem>> {
            let Self {
                client,
                cursor,
                limit,
                partial,
                provider,
                room_id,
                since,
                status,
                until,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let partial = partial.map_err(Error::InvalidRequest)?;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let room_id = room_id.map_err(Error::InvalidRequest)?;
            let since = since.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let until = until.map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!("{}/v1/sessions", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("partial", &partial))
                .query(&progenitor_client::QueryParam::new("provider", &provider))
                .query(&progenitor_client::QueryParam::new("room_id", &room_id))
                .query(&progenitor_client::QueryParam::new("since", &since))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .query(&progenitor_client::QueryParam::new("until", &until))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_sessions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_session`]

[`Client::get_session`]: super::Client::get_session*/
    #[derive(Debug, Clone)]
    pub struct GetSession<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        session_id: Result<::std::string::String, String>,
        include_breakout_rooms: Result<Option<bool>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> GetSession<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                session_id: Err("session_id was not initialized".to_string()),
                include_breakout_rooms: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn session_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.session_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for session_id failed"
                        .to_string()
                });
            self
        }
        pub fn include_breakout_rooms<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<bool>,
        {
            self.include_breakout_rooms = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `bool` for include_breakout_rooms failed".to_string()
                });
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/sessions/{provider}/{session_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Session>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                session_id,
                include_breakout_rooms,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let session_id = session_id.map_err(Error::InvalidRequest)?;
            let include_breakout_rooms = include_breakout_rooms
                .map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/sessions/{}/{}", client.baseurl, encode_path(& provider
                .to_string()), encode_path(& session_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(
                    &progenitor_client::QueryParam::new(
                        "include_breakout_rooms",
                        &include_breakout_rooms,
                    ),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_session",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_session_participants`]

[`Client::list_session_participants`]: super::Client::list_session_participants*/
    #[derive(Debug, Clone)]
    pub struct ListSessionParticipants<'a> {
        client: &'a super::Client,
        provider: Result<::std::string::String, String>,
        session_id: Result<::std::string::String, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<i32>, String>,
        cache_control: Result<Option<::std::string::String>, String>,
        if_none_match: Result<Option<::std::string::String>, String>,
        x_request_id: Result<Option<::std::string::String>, String>,
    }
    impl<'a> ListSessionParticipants<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                provider: Err("provider was not initialized".to_string()),
                session_id: Err("session_id was not initialized".to_string()),
                cursor: Ok(None),
                limit: Ok(None),
                cache_control: Ok(None),
                if_none_match: Ok(None),
                x_request_id: Ok(None),
            }
        }
        pub fn provider<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.provider = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for provider failed"
                        .to_string()
                });
            self
        }
        pub fn session_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.session_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for session_id failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<i32>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `i32` for limit failed".to_string());
            self
        }
        pub fn cache_control<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cache_control = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cache_control failed"
                        .to_string()
                });
            self
        }
        pub fn if_none_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_none_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_none_match failed"
                        .to_string()
                });
            self
        }
        pub fn x_request_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.x_request_id = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for x_request_id failed"
                        .to_string()
                });
            self
        }
        ///Sends a `GET` request to `/v1/sessions/{provider}/{session_id}/participants`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::ParticipantPage>, Error<types::Problem>> {
            let Self {
                client,
                provider,
                session_id,
                cursor,
                limit,
                cache_control,
                if_none_match,
                x_request_id,
            } = self;
            let provider = provider.map_err(Error::InvalidRequest)?;
            let session_id = session_id.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let cache_control = cache_control.map_err(Error::InvalidRequest)?;
            let if_none_match = if_none_match.map_err(Error::InvalidRequest)?;
            let x_request_id = x_request_id.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/sessions/{}/{}/participants", client.baseurl, encode_path(&
                provider.to_string()), encode_path(& session_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(4usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = cache_control {
                header_map.append("Cache-Control", value.to_string().try_into()?);
            }
            if let Some(value) = if_none_match {
                header_map.append("If-None-Match", value.to_string().try_into()?);
            }
            if let Some(value) = x_request_id {
                header_map.append("X-Request-Id", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_session_participants",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                401u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                403u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                404u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                414u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                429u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                431u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                501u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                502u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                503u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                504u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
