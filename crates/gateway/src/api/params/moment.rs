//! `since` and `until`

use std::borrow::Cow;

use session_provider::Timestamp;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat};
use utoipa::openapi::{RefOr, Type};

use crate::api::params::QueryParam;

/// One end of a range of time; open when it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MomentParam(pub(crate) Option<Timestamp>);

impl QueryParam for MomentParam {
    fn read(values: Vec<String>) -> Result<Self, Cow<'static, str>> {
        let Some(text) = values.last() else { return Ok(Self(None)) };
        // The '+' of an offset is a space to whoever decodes a query, and nothing else in a time is.
        let moment = Timestamp::parse_rfc3339(&text.replace(' ', "+"));
        moment
            .map(|moment| Self(Some(moment)))
            .ok_or_else(|| "must be a time as in 2026-11-20T10:00:00Z (RFC 3339)".into())
    }

    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .build()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_rfc_3339_and_its_plus_may_have_become_a_space() {
        let read = |text: &str| MomentParam::read(vec![text.to_owned()]).map(|moment| moment.0.unwrap().to_string());
        for text in ["2026-11-20T10:00:00Z", "2026-11-20T12:00:00.000+02:00", "2026-11-20T12:00:00 02:00"] {
            assert_eq!(read(text).as_deref(), Ok("2026-11-20T10:00:00.000Z"), "{text}");
        }
        for text in ["2026-11-20", "1763632800", "now", "2026-13-20T10:00:00Z", "99999-01-01T00:00:00Z"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(MomentParam::read(vec![]), Ok(MomentParam(None)));
    }
}
