//! The mutations of a live session.

use axum::extract::State;
use axum::response::Response;

use crate::api::body::{JsonBody, OptionalJsonBody};
use crate::api::document::{MutationProblems, OpenProblems, ProviderProblems, RoomProblems};
use crate::api::mutation_call::{MutationCall, MutationHeaders};
use crate::api::path::{RoomParams, RoomPath};
use crate::api::query::RawQuery;
use crate::api::state::ApiState;
use crate::model::{CreatePollRequest, KickAllRequest, KickAllResult, KickRequest, KickResult, Poll};
use crate::moderation::Command;
use crate::problem::Problem;

/// Kick participants
///
/// Removes some people from a room's live session. Sent to the provider at most once; a problem is `retryable` only if
/// it surely had no effect.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/kick",
    operation_id = "kick_participants",
    tag = "moderation",
    params(RoomParams, MutationHeaders),
    request_body = KickRequest,
    responses(
        (status = 200, description = "Who was removed.", body = KickResult<'static>),
        MutationProblems,
        ProviderProblems,
        RoomProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn kick_participants(
    State(api): State<ApiState>,
    call: MutationCall,
    path: RoomPath,
    query: RawQuery,
    JsonBody(request): JsonBody<KickRequest>,
) -> Result<Response, Box<Problem>> {
    query.none()?;
    call.run(&api, path, Command::kick(&request)?).await
}

/// Kick all participants
///
/// Removes everybody from a room's live session and so ends it. The body may be left out.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/kick-all",
    operation_id = "kick_all_participants",
    tag = "moderation",
    params(RoomParams, MutationHeaders),
    request_body = KickAllRequest,
    responses(
        (status = 200, description = "How many were removed.", body = KickAllResult),
        MutationProblems,
        ProviderProblems,
        RoomProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn kick_all_participants(
    State(api): State<ApiState>,
    call: MutationCall,
    path: RoomPath,
    query: RawQuery,
    OptionalJsonBody(request): OptionalJsonBody<KickAllRequest>,
) -> Result<Response, Box<Problem>> {
    query.none()?;
    call.run(&api, path, Command::kick_all(&request.unwrap_or_default())?).await
}

/// Create a poll
///
/// Puts a poll to a room's live session.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/polls",
    operation_id = "create_poll",
    tag = "moderation",
    params(RoomParams, MutationHeaders),
    request_body = CreatePollRequest,
    responses(
        (status = 201, description = "The poll as the provider keeps it.", body = Poll<'static>),
        MutationProblems,
        ProviderProblems,
        RoomProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn create_poll(
    State(api): State<ApiState>,
    call: MutationCall,
    path: RoomPath,
    query: RawQuery,
    JsonBody(request): JsonBody<CreatePollRequest>,
) -> Result<Response, Box<Problem>> {
    query.none()?;
    call.run(&api, path, Command::create_poll(&request)?).await
}
