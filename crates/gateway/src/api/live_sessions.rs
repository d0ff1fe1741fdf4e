//! `/v1/live-sessions`

use axum::extract::State;
use axum::response::Response;
use utoipa::IntoParams;

use crate::api::document::{IncludeParam, ListProblems, OpenProblems, Partial, ReadProblems};
use crate::api::query::RawQuery;
use crate::api::read_call::{ReadHeaders, Reader};
use crate::api::reply;
use crate::api::state::ApiState;
use crate::model::LiveSessionPage;
use crate::problem::Problem;
use crate::reads::ListQuery;

/// How the query of the list is documented.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the source of the document alone")]
pub(crate) struct LiveSessionsParams {
    /// Only these providers; all that the caller may see when left out. Repeatable.
    #[param(nullable = false, explode = true)]
    provider: Option<Vec<String>>,
    /// The most sessions of the page, 100 when left out.
    #[param(nullable = false, minimum = 1, maximum = 1000)]
    limit: Option<i32>,
    /// `next_cursor` of the page before.
    #[param(nullable = false, min_length = 1)]
    cursor: Option<String>,
    /// `allow` (the default): one provider that answers is enough. `forbid`: a problem unless all do.
    #[param(nullable = false)]
    partial: Option<Partial>,
    /// What some providers give only by further calls; null where it was not obtained. Repeatable.
    #[param(nullable = false, explode = true)]
    include: Option<Vec<IncludeParam>>,
}

/// List live sessions
///
/// What is live right now on every provider that this caller may see, merged, newest first. One provider that answers
/// is enough for a 200; `complete` and `providers` say how each fared.
#[utoipa::path(
    get,
    path = "/v1/live-sessions",
    operation_id = "list_live_sessions",
    tag = "live sessions",
    params(LiveSessionsParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the live sessions.", body = LiveSessionPage<'static>),
        ReadProblems,
        ListProblems,
        OpenProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_live_sessions(
    State(api): State<ApiState>,
    reader: Reader,
    query: RawQuery,
) -> Result<Response, Box<Problem>> {
    let mut query = query.read(&["limit", "cursor", "partial"], &["provider", "include"]);
    let names = query.many("provider");
    let (page, include) = (query.page(), query.include());
    let forbid_partial = query.is_second("partial", ["allow", "forbid"]);
    query.or(Some(()))?;

    let visible = names.iter().map(|name| Ok(api.provider(&reader.caller, name)?.id().clone()));
    let providers = if names.is_empty() { None } else { Some(visible.collect::<Result<_, Box<Problem>>>()?) };
    let query = ListQuery { providers, page, forbid_partial, include };
    let answer = api.app.reads.live_sessions(reader.call, &reader.caller, &query).await?;
    Ok(reply::respond(answer, &reader.if_none_match))
}
