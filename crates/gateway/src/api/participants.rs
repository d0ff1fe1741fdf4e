//! The participants of a live session and of any session.

use session_provider::Operation;

use crate::api::answer::CachedAnswer;
use crate::api::guard::{ReadHeaders, Reader};
use crate::api::params::{PageParams, RoomPath, SessionPath};
use crate::api::problem_sets::{ListLiveParticipantsProblems, ListSessionParticipantsProblems};
use crate::api::state::Api;
use crate::model::ParticipantPage;
use crate::problem::Problem;

/// List live participants
///
/// Who is in a room's live session now, those who joined first come first.
#[utoipa::path(
    get,
    path = "/v1/live-sessions/{provider}/{room_id}/participants",
    operation_id = "list_live_participants",
    tag = "live sessions",
    params(RoomPath, PageParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the participants.", body = ParticipantPage<'static>),
        ListLiveParticipantsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_live_participants(
    api: Api,
    reader: Reader,
    path: RoomPath,
    query: PageParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let provider = api.provider_for(Operation::ListLiveParticipants, &reader.caller, &path.provider)?;
    let answer = api.app.reads.live_participants(reader.call, &provider, &path.room_id, &query.into()).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}

/// List session participants
///
/// Everybody who was in a session, live or ended, those who joined first come first.
#[utoipa::path(
    get,
    path = "/v1/sessions/{provider}/{session_id}/participants",
    operation_id = "list_session_participants",
    tag = "sessions",
    params(SessionPath, PageParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the participants.", body = ParticipantPage<'static>),
        ListSessionParticipantsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_session_participants(
    api: Api,
    reader: Reader,
    path: SessionPath,
    query: PageParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let provider = api.provider_for(Operation::ListSessionParticipants, &reader.caller, &path.provider)?;
    let answer = api.app.reads.session_participants(reader.call, &provider, &path.session_id, &query.into()).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}
