//! `/v1/live-sessions`

use crate::api::answer::CachedAnswer;
use crate::api::guard::{ReadHeaders, Reader};
use crate::api::params::{CursorText, IncludeSet, Limit, Partial, query_params};
use crate::api::problem_sets::ListLiveSessionsProblems;
use crate::api::state::Api;
use crate::model::LiveSessionPage;
use crate::problem::Problem;
use crate::reads::{ListQuery, PageQuery};

query_params! {
    /// The query of the list.
    pub(crate) struct LiveSessionsParams {
        /// Only these providers; by default all that the caller may see. Repeatable.
        provider: Vec<String>,
        /// The most rows of the page, 100 by default.
        limit: Limit,
        /// `next_cursor` of the page before.
        cursor: CursorText,
        /// `allow` (the default): one provider that answers is enough. `forbid`: a problem unless all that can do.
        partial: Partial,
        /// What some providers give only by further calls; null where it was not obtained. Repeatable.
        include: IncludeSet,
    }
}

/// List live sessions
///
/// What is live on every provider that this caller may see, merged, newest first. One that answers is enough for a 200;
/// `complete` and `providers` say how each fared.
#[utoipa::path(
    get,
    path = "/v1/live-sessions",
    operation_id = "list_live_sessions",
    tag = "live sessions",
    params(LiveSessionsParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the live sessions.", body = LiveSessionPage<'static>),
        ListLiveSessionsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_live_sessions(
    api: Api,
    reader: Reader,
    query: LiveSessionsParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let LiveSessionsParams { provider: names, limit, cursor, partial, include } = query;
    let providers = api.named(&reader.caller, &names)?;
    let page = PageQuery { limit: limit.0, cursor: cursor.0 };
    let query = ListQuery { providers, page, forbid_partial: partial == Partial::Forbid, include };
    let answer = api.app.reads.live_sessions(reader.call, &reader.caller, &query).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}
