//! `room_id`

use std::borrow::Cow;

use session_provider::RoomId;
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};

use crate::api::params::QueryParam;

/// Any room when left out.
impl QueryParam for Option<RoomId> {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        values.last().map(|text| RoomId::new(text)).transpose().map_err(|error| error.to_string().into())
    }

    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Za-z0-9_-]{1,128}$"))
            .min_length(Some(1))
            .max_length(Some(128))
            .build()
            .into()
    }
}
