//! `limit`

use std::borrow::Cow;

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat};
use utoipa::openapi::{RefOr, Type};

use crate::api::params::QueryParam;

/// The most rows of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) u16);

impl Limit {
    /// When it is left out.
    pub(crate) const DEFAULT: u16 = 100;
    /// The most that can be asked for.
    pub(crate) const MAX: u16 = 1000;
}

impl QueryParam for Limit {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        let Some(text) = values.last() else { return Ok(Self(Self::DEFAULT)) };
        let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let number = number.filter(|number| (1..=Self::MAX).contains(number));
        number.map(Self).ok_or_else(|| format!("must be a whole number from 1 to {}", Self::MAX).into())
    }

    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(Self::MAX))
            .build()
            .into()
    }
}
