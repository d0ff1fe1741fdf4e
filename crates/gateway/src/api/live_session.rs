//! `/v1/live-sessions/{provider}/{room_id}`

use axum::extract::State;
use axum::response::Response;
use session_provider::Operation;
use utoipa::IntoParams;

use crate::api::document::{IncludeParam, OpenProblems, ProviderProblems, ReadProblems, RoomProblems};
use crate::api::path::{RoomParams, RoomPath};
use crate::api::query::RawQuery;
use crate::api::read_call::{ReadHeaders, Reader};
use crate::api::reply;
use crate::api::state::ApiState;
use crate::model::Session;
use crate::problem::Problem;

/// How the query is documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) struct LiveSessionParams {
    /// What some providers give only by further calls; null where it was not obtained. Repeatable.
    #[param(nullable = false, explode = true)]
    include: Option<Vec<IncludeParam>>,
}

/// Get a live session
///
/// The one session that runs in a room now.
#[utoipa::path(
    get,
    path = "/v1/live-sessions/{provider}/{room_id}",
    operation_id = "get_live_session",
    tag = "live sessions",
    params(RoomParams, LiveSessionParams, ReadHeaders),
    responses(
        (status = 200, description = "The live session.", body = Session<'static>),
        ReadProblems,
        ProviderProblems,
        RoomProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn get_live_session(
    State(api): State<ApiState>,
    reader: Reader,
    path: RoomPath,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    let mut query = query.read(&[], &["include"]);
    let include = query.include();
    query.or(Some(()))?;
    let provider = api.provider_for(Operation::GetLiveSession, &reader.caller, &path.provider)?;
    let answer = api.app.reads.live_session(reader.call, &provider, &path.room, &include).await?;
    Ok(reply::respond(answer, &reader.if_none_match))
}
