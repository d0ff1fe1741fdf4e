//! `/v1/live-sessions/{provider}/{room_id}`

use session_provider::Operation;

use crate::api::answer::CachedAnswer;
use crate::api::guard::{ReadHeaders, Reader};
use crate::api::params::{IncludeSet, RoomPath, query_params};
use crate::api::problem_sets::GetLiveSessionProblems;
use crate::api::state::Api;
use crate::model::SessionJson;
use crate::problem::Problem;

query_params! {
    /// The query of one session.
    pub(crate) struct LiveSessionParams {
        /// What some providers give only by further calls; null where it was not obtained. Repeatable.
        include: IncludeSet,
    }
}

/// Get a live session
///
/// The one session that runs in a room now.
#[utoipa::path(
    get,
    path = "/v1/live-sessions/{provider}/{room_id}",
    operation_id = "get_live_session",
    tag = "live sessions",
    params(RoomPath, LiveSessionParams, ReadHeaders),
    responses(
        (status = 200, description = "The session.", body = SessionJson<'static>),
        GetLiveSessionProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn get_live_session(
    api: Api,
    reader: Reader,
    path: RoomPath,
    query: LiveSessionParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let provider = api.provider_for(Operation::GetLiveSession, &reader.caller, &path.provider)?;
    let answer = api.app.reads.live_session(reader.call, &provider, &path.room_id, &query.include).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}
