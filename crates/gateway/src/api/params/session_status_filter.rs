//! `status`

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use session_provider::WantedStatus;
use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};

use crate::api::params::QueryParam;
use crate::api::params::words::read_word;

/// Which sessions are wanted. Open: more may come to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SessionStatusFilter {
    /// Those that run.
    Live,
    /// Those that are over.
    Ended,
}

impl From<SessionStatusFilter> for WantedStatus {
    fn from(filter: SessionStatusFilter) -> Self {
        match filter {
            SessionStatusFilter::Live => Self::Live,
            SessionStatusFilter::Ended => Self::Ended,
        }
    }
}

/// Both by default.
impl QueryParam for Option<SessionStatusFilter> {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        values.last().map(|text| read_word(text)).transpose()
    }

    fn schema() -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name(SessionStatusFilter::name()))
    }
}
