//! `include`

use std::borrow::Cow;
use std::collections::BTreeSet;

use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};

use crate::api::params::QueryParam;
use crate::api::params::words::read_word;
use crate::reads::Include;

/// What the caller wants bought by further calls.
pub(crate) type IncludeSet = BTreeSet<Include>;

impl QueryParam for IncludeSet {
    const REPEATABLE: bool = true;

    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        values.iter().map(|text| read_word(text)).collect()
    }

    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new().items(Ref::from_schema_name(Include::name())).build().into()
    }
}
