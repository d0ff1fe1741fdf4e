//! One page of a list.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};

use crate::api::params::{Limit, QueryParam, query_params};
use crate::reads::{MAX_CURSOR, PageQuery};

/// A cursor as it came. An empty one is one that cannot be decoded, which has a code of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CursorText(pub(crate) Option<String>);

impl QueryParam for CursorText {
    const MAY_BE_EMPTY: bool = true;

    fn read(mut values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        Ok(Self(values.pop()))
    }

    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX_CURSOR)).build().into()
    }
}

query_params! {
    /// The query of a list of participants.
    pub(crate) struct PageParams {
        /// The most rows of the page, 100 by default.
        limit: Limit,
        /// `next_cursor` of the page before.
        cursor: CursorText,
    }
}

impl From<PageParams> for PageQuery {
    fn from(params: PageParams) -> Self {
        Self { limit: params.limit.0, cursor: params.cursor.0 }
    }
}
