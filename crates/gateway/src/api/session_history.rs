//! `/v1/sessions`

use session_provider::{RoomId, SessionFilter};

use crate::api::answer::CachedAnswer;
use crate::api::guard::{ReadHeaders, Reader};
use crate::api::params::{CursorText, HistoryLimit, MomentParam, Partial, SessionStatusFilter, query_params};
use crate::api::problem_sets::ListSessionsProblems;
use crate::api::state::Api;
use crate::model::SessionPageJson;
use crate::problem::Problem;
use crate::reads::{HistoryQuery, PageQuery};

query_params! {
    /// The query of the history.
    pub(crate) struct SessionsParams {
        /// Only these providers; by default all that the caller may see. Repeatable.
        provider: Vec<String>,
        /// Only those of this room. Some providers can list those of one room only.
        room_id: Option<RoomId>,
        /// Only those that run, or that are over; both by default.
        status: Option<SessionStatusFilter>,
        /// Only those whose moment is not before this.
        since: MomentParam,
        /// Only those whose moment is before this.
        until: MomentParam,
        /// The most rows of the page, 50 by default.
        limit: HistoryLimit,
        /// `next_cursor` of the page before.
        cursor: CursorText,
        /// `allow` (the default): one provider that answers is enough. `forbid`: a problem unless all that can do.
        partial: Partial,
    }
}

/// List sessions
///
/// Sessions that ran or run on every provider that this caller may see, merged, newest first. The moment of a session is
/// its `created_at`, or its `started_at` where the provider says no other. A walk gives no session twice and skips none,
/// though others begin, end and vanish meanwhile; a page with a cursor needs every provider, and when it fails its cursor
/// stays good. A provider whose entry is `unsupported` cannot list this; that is no failure.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    operation_id = "list_sessions",
    tag = "sessions",
    params(SessionsParams, ReadHeaders),
    responses(
        (status = 200, description = "One page of the sessions.", body = SessionPageJson<'static>),
        ListSessionsProblems,
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn list_sessions(
    api: Api,
    reader: Reader,
    query: SessionsParams,
) -> Result<CachedAnswer, Box<Problem>> {
    let SessionsParams { provider: names, room_id, status, since, until, limit, cursor, partial } = query;
    let (since, until) = (since.0, until.0);
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        return Err(Box::new(Problem::invalid("until", "must not be before since")));
    }
    let filter = SessionFilter { room: room_id, status: status.map(Into::into), since, until };
    let providers = api.named(&reader.caller, &names)?;
    let page = PageQuery { limit: limit.0, cursor: cursor.0 };
    let query = HistoryQuery { providers, filter, page, forbid_partial: partial == Partial::Forbid };
    let answer = api.app.reads.sessions(reader.call, &reader.caller, &query).await?;
    Ok(CachedAnswer::new(answer, &reader.if_none_match))
}
