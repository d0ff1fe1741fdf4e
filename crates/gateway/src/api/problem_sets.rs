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
    ($($name:ident = $($codes:expr),+;)*) => {$(
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let sets: &[&[Code]] = &[$($codes),+];
                problem_responses(sets.iter().flat_map(|codes| codes.iter().copied()))
            }
        }
    )*
        /// Each by its name.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &[&[Code]])] = &[$((stringify!($name), &[$($codes),+])),*];
    };
}

problem_sets! {
    ListProvidersProblems = &[InvalidRequest, Overloaded];
    ListLiveSessionsProblems = &[
        InvalidRequest, InvalidCursor, ProviderNotFound, ProviderAuthFailed, ProviderRateLimited, ProviderError,
        ProviderBadResponse, ProviderTimeout, ProviderUnavailable, Overloaded,
    ];
    ListSessionsProblems = &[InvalidRequest, InvalidCursor], ONE_PROVIDER;
    GetLiveSessionProblems = &[InvalidRequest, SessionNotLive], ONE_PROVIDER;
    ListLiveParticipantsProblems = &[InvalidRequest, InvalidCursor, SessionNotLive], ONE_PROVIDER;
    GetSessionProblems = &[InvalidRequest, SessionNotFound], ONE_PROVIDER;
    ListSessionParticipantsProblems = &[InvalidRequest, InvalidCursor, SessionNotFound], ONE_PROVIDER;
    MutationProblems = &[
        InvalidRequest, UnsupportedMediaType, PayloadTooLarge, RequestTimeout, SessionNotLive, SessionNotFound,
        ParticipantNotFound, SessionChanged, IdempotencyKeyReused, AuditUnavailable,
    ], ONE_PROVIDER;
    StreamRoomEventsProblems = &[InvalidRequest, ProviderNotFound, CapabilityUnsupported, Overloaded];
    StreamEventsProblems = &[InvalidRequest, ProviderNotFound, Overloaded];
    ReceiveWebhookProblems = &[
        InvalidRequest, InvalidSignature, ProviderNotFound, RouteNotFound, RequestTimeout, PayloadTooLarge, WebhookKeyUnavailable,
        Draining, Overloaded, ProviderTimeout,
    ];
    ReadinessProblems = &[Draining, ProviderUnavailable];
    GetProblemTypeProblems = &[RouteNotFound];
}
