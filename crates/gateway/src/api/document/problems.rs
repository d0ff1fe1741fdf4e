//! Which problems an operation may answer, in the sets that operations share.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::problem::Code;

macro_rules! problem_sets {
    ($($(#[$doc:meta])* $name:ident = [$($code:ident),* $(,)?];)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[$(Code::$code),*])
            }
        }
    )*};
}

problem_sets! {
    /// Of every route, the open ones included.
    OpenProblems = [UriTooLong, HeadersTooLarge, Internal, Overloaded];
    /// Of every read that takes a token.
    ReadProblems = [InvalidRequest, Unauthenticated, InsufficientScope, RateLimited];
    /// Of everything that asks one provider.
    ProviderProblems = [
        ProviderNotFound, CapabilityUnsupported, ProviderAuthFailed, ProviderRateLimited, ProviderError,
        ProviderBadResponse, ProviderTimeout, ProviderUnavailable, Overloaded,
    ];
    /// Of the merged list.
    ListProblems = [
        InvalidCursor, ProviderNotFound, ProviderAuthFailed, ProviderRateLimited, ProviderError, ProviderBadResponse,
        ProviderTimeout, ProviderUnavailable, Overloaded,
    ];
    /// Of whatever is paged.
    CursorProblems = [InvalidCursor];
    /// Of whatever is asked about a room.
    RoomProblems = [SessionNotLive];
    /// Of whatever is asked about a session.
    SessionProblems = [SessionNotFound];
    /// Of every mutation.
    MutationProblems = [
        InvalidRequest, Unauthenticated, InsufficientScope, RateLimited, UnsupportedMediaType, PayloadTooLarge,
        RequestTimeout, ParticipantNotFound, SessionChanged, IdempotencyKeyReused, AuditUnavailable,
    ];
    /// Of the readiness probe.
    ReadinessProblems = [ProviderUnavailable];
    /// Of the documentation's files.
    AssetProblems = [RouteNotFound];
}

/// One response for each status: the codes share it, and it refers to the one schema of all problems.
fn responses(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status().as_str().to_owned()).or_default().push(code.as_str());
    }
    by_status
        .into_iter()
        .map(|(status, codes)| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new()
                .description(format!("`{}`", codes.join("`, `")))
                .content("application/problem+json", content)
                .build();
            (status, RefOr::T(response))
        })
        .collect()
}
