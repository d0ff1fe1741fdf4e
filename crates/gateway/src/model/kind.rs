//! The name of a video service as callers read it, and what only one service says.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use session_provider::{ProviderKind, RawJson};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::providers::{KINDS, Kind};

/// Which video service a provider speaks to: `ProviderKind` in the document, an open text, since a service more must not
/// break who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct KindName(pub ProviderKind);

impl PartialSchema for KindName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .description(Some(
                "Which video service a provider speaks to. Open: a client must take a kind that it does not know.",
            ))
            .min_length(Some(1))
            .examples(KINDS.iter().map(|kind| kind.name.as_str()))
            .into()
    }
}

impl ToSchema for KindName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ProviderKind")
    }
}

/// What only one kind of provider says of a session: a member for every kind that says anything of its own, null for
/// all but the session's.
#[derive(Debug, Clone, Copy)]
pub struct SessionExtensions<'a> {
    /// The session's kind.
    pub kind: ProviderKind,
    /// What that kind says.
    pub said: Option<&'a RawJson>,
}

fn extended() -> impl Iterator<Item = (&'static Kind, &'static crate::providers::Extension)> {
    KINDS.iter().filter_map(|kind| Some((kind, kind.extension.as_ref()?)))
}

impl Serialize for SessionExtensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (kind, _) in extended() {
            map.serialize_entry(kind.name.as_str(), &self.said.filter(|_| kind.name == self.kind))?;
        }
        map.end()
    }
}

impl PartialSchema for SessionExtensions<'_> {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new().description(Some("What only one kind of provider says of a session."));
        let with = |object: ObjectBuilder, (kind, extension): (&Kind, &crate::providers::Extension)| {
            let null = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null));
            let value = OneOfBuilder::new().item(Ref::from_schema_name((extension.name)())).item(null);
            let value = value.description(Some(format!("Of a {} session; null for any other.", kind.title)));
            object.property(kind.name.as_str(), value).required(kind.name.as_str())
        };
        extended().fold(object, with).into()
    }
}

impl ToSchema for SessionExtensions<'_> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("SessionExtensions")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (_, extension) in extended() {
            schemas.push(((extension.name)().into_owned(), (extension.schema)()));
        }
    }
}
