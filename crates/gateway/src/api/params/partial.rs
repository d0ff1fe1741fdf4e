//! `partial`

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};

use crate::api::params::QueryParam;
use crate::api::params::words::read_word;

/// Whether a list may lack a provider. Open: more may come to be taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PartialPolicy, default = "allow")]
pub(crate) enum Partial {
    /// One provider that answers is enough.
    #[default]
    Allow,
    /// A problem unless all answer.
    Forbid,
}

impl QueryParam for Partial {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        values.last().map_or(Ok(Self::default()), |text| read_word(text))
    }

    fn schema() -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name(Self::name()))
    }
}
