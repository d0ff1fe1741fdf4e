//! `room_id`

use std::borrow::Cow;

use session_provider::RoomId;
use utoipa::ToSchema;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr};

use crate::api::params::QueryParam;
use crate::id_schemas::RoomIdJson;

/// Any room by default.
impl QueryParam for Option<RoomId> {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        values.last().map(|text| RoomId::new(text)).transpose().map_err(|error| error.to_string().into())
    }

    fn schema() -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name(RoomIdJson::name()))
    }
}
