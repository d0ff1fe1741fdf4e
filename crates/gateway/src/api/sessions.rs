//! `/v1/sessions/{provider}/{session_id}`

use axum::extract::State;
use axum::response::Response;
use session_provider::Operation;
use utoipa::IntoParams;

use crate::api::document::{OpenProblems, ProviderProblems, ReadProblems, SessionProblems};
use crate::api::path::{SessionParams, SessionPath};
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
pub(crate) struct SessionQueryParams {
    /// Whether to ask for the breakout rooms too; they are left out by default.
    #[param(nullable = false)]
    include_breakout_rooms: Option<bool>,
}

/// Get a session
///
/// A session by its own id, live or ended.
#[utoipa::path(
    get,
    path = "/v1/sessions/{provider}/{session_id}",
    operation_id = "get_session",
    tag = "sessions",
    params(SessionParams, SessionQueryParams, ReadHeaders),
    responses(
        (status = 200, description = "The session.", body = Session<'static>),
        ReadProblems,
        ProviderProblems,
        SessionProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn get_session(
    State(api): State<ApiState>,
    reader: Reader,
    path: SessionPath,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    let mut query = query.read(&["include_breakout_rooms"], &[]);
    let include_breakout_rooms = query.is_second("include_breakout_rooms", ["false", "true"]);
    query.or(Some(()))?;
    let provider = api.provider_for(Operation::GetSession, &reader.caller, &path.provider)?;
    let answer = api.app.reads.session(reader.call, &provider, &path.session, include_breakout_rooms).await?;
    Ok(reply::respond(answer, &reader.if_none_match))
}
