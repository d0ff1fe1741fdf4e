//! `/v1/sessions/{provider}/{session_id}`

use session_provider::Operation;

use crate::api::answer::CachedAnswer;
use crate::api::guard::{ReadHeaders, Reader};
use crate::api::params::{SessionPath, query_params};
use crate::api::problem_sets::GetSessionProblems;
use crate::api::state::Api;
use crate::model::SessionJson;
use crate::problem::Problem;

query_params! {
    /// The query of one session.
    pub(crate) struct SessionQueryParams {
        /// Whether to ask for the breakout rooms too.
        include_breakout_rooms: bool,
    }
}

/// Get a session
///
/// A session by its own id, live or ended.
#[utoipa::path(
    get,
    path = "/v1/sessions/{provider}/{session_id}",
    operation_id = "get_session",
    tag = "sessions",
    params(SessionPath, SessionQueryParams, ReadHeaders),
    responses(
        (status = 200, description = "The session.", body = SessionJson<'static>),
        GetSessionProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn get_session(
    api: Api,
    reader: Reader,
    path: SessionPath,
    query: SessionQueryParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let provider = api.provider_for(Operation::GetSession, &reader.caller, &path.provider)?;
    let with_breakouts = query.include_breakout_rooms;
    let answer = api.app.reads.session(reader.call, &provider, &path.session_id, with_breakouts).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}
