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
        number(&values, Self::DEFAULT, Self::MAX).map(Self)
    }

    fn schema() -> RefOr<Schema> {
        numbers_to(Self::MAX, Self::DEFAULT)
    }
}

/// The most rows of a page of the history, whose rows cost more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HistoryLimit(pub(crate) u16);

impl HistoryLimit {
    /// When it is left out.
    const DEFAULT: u16 = 50;
    /// The most that can be asked for.
    const MAX: u16 = 200;
}

impl QueryParam for HistoryLimit {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        number(&values, Self::DEFAULT, Self::MAX).map(Self)
    }

    fn schema() -> RefOr<Schema> {
        numbers_to(Self::MAX, Self::DEFAULT)
    }
}

fn number(values: &[String], default: u16, most: u16) -> Result<u16, Cow<'static, str>> {
    let Some(text) = values.last() else { return Ok(default) };
    let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    let number = number.filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("must be a whole number from 1 to {most}").into())
}

fn numbers_to(most: u16, default: u16) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(1))
        .maximum(Some(most))
        .default(Some(default.into()))
        .build()
        .into()
}
