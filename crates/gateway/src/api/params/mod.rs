//! What routes take from the path and the query, each documented from the type that reads it.

mod include;
mod limit;
mod moment;
mod page;
mod partial;
mod path;
mod percent;
mod query_param;
mod query_params;
mod raw_query;
mod room_filter;
mod session_status_filter;
mod words;

pub(crate) use include::IncludeSet;
pub(crate) use limit::{HistoryLimit, Limit};
pub(crate) use moment::MomentParam;
pub(crate) use page::{CursorText, PageParams};
pub(crate) use partial::Partial;
pub(crate) use path::{ProviderPath, RoomPath, SessionPath};
pub(crate) use query_param::{QueryParam, describe_query_param};
pub(crate) use query_params::query_params;
pub(crate) use raw_query::{FromQuery, Known, NoQuery, RawQuery, ReadQuery, read as read_query};
pub(crate) use session_status_filter::SessionStatusFilter;
