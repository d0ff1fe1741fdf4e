//! Which problems the handler of an operation may answer, one set for each. Its guard and the layers add theirs.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use crate::api::document::problem_responses;
use crate::problem::Code::{self, *};

/// Of everything that asks one provider.
const ONE_PROVIDER: &[Code] = &[
    ProviderNotFound,
    CapabilityUnsupported,
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderError,
    ProviderBadResponse,
    ProviderTimeout,
    ProviderUnavailable,
    Overloaded,
];

macro_rules! problem_sets {
    ($($(#[$doc:meta])* $name:ident = $($codes:expr),+;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let sets: &[&[Code]] = &[$($codes),+];
                problem_responses(sets.iter().flat_map(|codes| codes.iter().copied()))
            }
        }
    )*};
}

problem_sets! {
    /// Of `list_providers`.
    ListProvidersProblems = &[InvalidRequest];
    /// Of `list_live_sessions`.
    ListLiveSessionsProblems = &[
        InvalidRequest, InvalidCursor, ProviderNotFound, ProviderAuthFailed, ProviderRateLimited, ProviderError,
        ProviderBadResponse, ProviderTimeout, ProviderUnavailable, Overloaded,
    ];
    /// Of `get_live_session`.
    GetLiveSessionProblems = &[InvalidRequest, SessionNotLive], ONE_PROVIDER;
    /// Of `list_live_participants`.
    ListLiveParticipantsProblems = &[InvalidRequest, InvalidCursor, SessionNotLive], ONE_PROVIDER;
    /// Of `get_session`.
    GetSessionProblems = &[InvalidRequest, SessionNotFound], ONE_PROVIDER;
    /// Of `list_session_participants`.
    ListSessionParticipantsProblems = &[InvalidRequest, InvalidCursor, SessionNotFound], ONE_PROVIDER;
    /// Of every mutation.
    MutationProblems = &[
        InvalidRequest, UnsupportedMediaType, PayloadTooLarge, RequestTimeout, SessionNotLive, SessionNotFound,
        ParticipantNotFound, SessionChanged, IdempotencyKeyReused, AuditUnavailable,
    ], ONE_PROVIDER;
    /// Of the readiness probe.
    ReadinessProblems = &[Draining, ProviderUnavailable];
    /// Of the documentation's files.
    AssetProblems = &[RouteNotFound];
}
