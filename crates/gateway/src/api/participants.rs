//! The participants of a live session and of any session.

use axum::extract::State;
use axum::response::Response;
use session_provider::Operation;
use utoipa::IntoParams;

use crate::api::document::{
    CursorProblems, OpenProblems, ProviderProblems, ReadProblems, RoomProblems, SessionProblems,
};
use crate::api::path::{RoomParams, RoomPath, SessionParams, SessionPath};
use crate::api::query::RawQuery;
use crate::api::read_call::{ReadHeaders, Reader};
use crate::api::reply;
use crate::api::state::ApiState;
use crate::model::ParticipantPage;
use crate::problem::Problem;
use crate::reads::PageQuery;

/// How the query is documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) struct PageParams {
    /// The most participants of the page, 100 when left out.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<i32>,
    /// `next_cursor` of the page before.
    #[param(nullable = false, min_length = 1)]
    cursor: Option<String>,
}

fn page(query: &RawQuery) -> Result<PageQuery, Box<Problem>> {
    let mut query = query.read(&["limit", "cursor"], &[]);
    let page = query.page();
    query.or(Some(page))
}

/// List live participants
///
/// Who is in a room's live session now, those who joined first come first.
#[utoipa::path(
    get,
    path = "/v1/live-sessions/{provider}/{room_id}/participants",
    operation_id = "list_live_participants",
    tag = "live sessions",
    params(RoomParams, PageParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the participants.", body = ParticipantPage<'static>),
        ReadProblems,
        ProviderProblems,
        RoomProblems,
        CursorProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_live_participants(
    State(api): State<ApiState>,
    reader: Reader,
    path: RoomPath,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    let page = page(&query)?;
    let provider = api.provider_for(Operation::ListLiveParticipants, &reader.caller, &path.provider)?;
    let answer = api.app.reads.live_participants(reader.call, &provider, &path.room, &page).await?;
    Ok(reply::respond(answer, &reader.if_none_match))
}

/// List session participants
///
/// Everybody who was in a session, live or ended, those who joined first come first.
#[utoipa::path(
    get,
    path = "/v1/sessions/{provider}/{session_id}/participants",
    operation_id = "list_session_participants",
    tag = "sessions",
    params(SessionParams, PageParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the participants.", body = ParticipantPage<'static>),
        ReadProblems,
        ProviderProblems,
        SessionProblems,
        CursorProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_session_participants(
    State(api): State<ApiState>,
    reader: Reader,
    path: SessionPath,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    let page = page(&query)?;
    let provider = api.provider_for(Operation::ListSessionParticipants, &reader.caller, &path.provider)?;
    let answer = api.app.reads.session_participants(reader.call, &provider, &path.session, &page).await?;
    Ok(reply::respond(answer, &reader.if_none_match))
}
