//! The mutations of a live session.

use crate::api::answer::MutationAnswer;
use crate::api::body::{JsonBody, OptionalJsonBody};
use crate::api::guard::{Moderator, MutationHeaders};
use crate::api::params::{NoQuery, RawQuery, RoomPath};
use crate::api::problem_sets::MutationProblems;
use crate::api::state::Api;
use crate::model::{CreatePollRequest, KickAllRequest, KickAllResult, KickRequest, KickResult, PollJson};
use crate::moderation::ModerationCommand;
use crate::problem::Problem;

/// Kick participants
///
/// Removes some people from a room's live session. Sent to the provider at most once.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/kick",
    operation_id = "kick_participants",
    tag = "moderation",
    params(RoomPath, MutationHeaders),
    request_body = KickRequest,
    responses(
        (status = 200, description = "Who was removed.", body = KickResult<'static>),
        MutationProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn kick_participants(
    api: Api,
    moderator: Moderator,
    path: RoomPath,
    query: RawQuery,
    JsonBody(request): JsonBody<KickRequest>,
) -> Result<MutationAnswer, Box<Problem>> {
    let NoQuery = query.read()?;
    moderator.run(&api, path, ModerationCommand::kick(&request)?).await
}

/// Kick all participants
///
/// Removes everybody from a room's live session and so ends it. The body may be left out.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/kick-all",
    operation_id = "kick_all_participants",
    tag = "moderation",
    params(RoomPath, MutationHeaders),
    request_body = Option<KickAllRequest>,
    responses(
        (status = 200, description = "How many were removed.", body = KickAllResult),
        MutationProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn kick_all_participants(
    api: Api,
    moderator: Moderator,
    path: RoomPath,
    query: RawQuery,
    OptionalJsonBody(request): OptionalJsonBody<KickAllRequest>,
) -> Result<MutationAnswer, Box<Problem>> {
    let NoQuery = query.read()?;
    moderator.run(&api, path, ModerationCommand::kick_all(&request.unwrap_or_default())?).await
}

/// Create a poll
///
/// Puts a poll to a room's live session.
#[utoipa::path(
    post,
    path = "/v1/live-sessions/{provider}/{room_id}/polls",
    operation_id = "create_poll",
    tag = "moderation",
    params(RoomPath, MutationHeaders),
    request_body = CreatePollRequest,
    responses(
        (status = 201, description = "The poll as the provider keeps it.", body = PollJson<'static>),
        MutationProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn create_poll(
    api: Api,
    moderator: Moderator,
    path: RoomPath,
    query: RawQuery,
    JsonBody(request): JsonBody<CreatePollRequest>,
) -> Result<MutationAnswer, Box<Problem>> {
    let NoQuery = query.read()?;
    moderator.run(&api, path, ModerationCommand::create_poll(&request)?).await
}
