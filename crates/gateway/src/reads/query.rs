//! What a read asks for, already validated.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use session_provider::{Payer, ProviderId, RequestId, SessionFilter};
use tokio::time::Instant;
use utoipa::ToSchema;

/// On whose behalf a read is made, and how fresh its answer must be.
#[derive(Debug, Clone)]
pub struct ReadCall {
    pub request_id: RequestId,
    /// When it came: what a provider may take counts from here.
    pub arrival: Instant,
    /// Whose share of the budgets pays.
    pub payer: Payer,
    /// The request says `Cache-Control: no-cache`: the answer must not be older than the request.
    pub no_cache: bool,
    /// Only what is in memory will do: a read that would have to wait is pending for ever, and nothing was begun for it.
    pub at_hand: bool,
}

/// What some providers give only by further calls. Open: more may come to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SessionInclude)]
pub enum Include {
    /// People in the session now.
    ParticipantCount,
    /// The session's own id.
    SessionId,
    /// Recordings and live streams running now.
    MediaCounts,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct PageQuery {
    /// The most rows of the page, 1 to 1000.
    pub limit: u16,
    /// Where the page starts, as an earlier page said.
    pub cursor: Option<String>,
}

/// One page of the merged list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// Only these providers; `None` is all that the caller sees. All are visible to the caller.
    pub providers: Option<BTreeSet<ProviderId>>,
    pub page: PageQuery,
    /// `partial=forbid`: an error rather than a list that is not complete.
    pub forbid_partial: bool,
    /// What to buy by further calls.
    pub include: BTreeSet<Include>,
}

/// One page of the sessions of all times.
#[derive(Debug, Clone)]
pub struct HistoryQuery {
    /// Only these providers; `None` is all that the caller sees. All are visible to the caller.
    pub providers: Option<BTreeSet<ProviderId>>,
    /// Which sessions.
    pub filter: SessionFilter,
    pub page: PageQuery,
    /// `partial=forbid`: an error rather than a list that lacks a provider which could be in it.
    pub forbid_partial: bool,
}
