//! Ids as the document names them. The fields that hold one are texts; a schema of these says which id it is.

use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $rust:ident = $name:literal, $most:literal, $pattern:expr;)*) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub(crate) struct $rust;

        impl PartialSchema for $rust {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some([$($doc.trim()),+].join("\n")))
                    .min_length(Some(1))
                    .max_length(Some($most))
                    .pattern($pattern)
                    .into()
            }
        }

        impl ToSchema for $rust {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )*};
}

const PLAIN: Option<&str> = Some("^[A-Za-z0-9_-]+$");

/// The pattern of a text without control characters.
pub(crate) const NO_CONTROLS: &str = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";

ids! {
    /// The id of a configured provider, chosen by the operator.
    ProviderIdJson = "ProviderId", 32, Some("^[a-z0-9]+(-[a-z0-9]+)*$");
    /// The id of a room, as its provider writes it.
    RoomIdJson = "RoomId", 128, PLAIN;
    /// The id of one session of a room, as its provider writes it.
    SessionIdJson = "SessionId", 128, PLAIN;
    /// The id of a person, as the provider writes it: what a kick takes.
    ParticipantIdJson = "ParticipantId", 128, PLAIN;
    /// The customer's own id of a person: any text without control characters.
    CustomParticipantIdJson = "CustomParticipantId", 256, Some(NO_CONTROLS);
}

#[cfg(test)]
mod tests {
    use session_provider::{CustomParticipantId, ProviderId, RoomId};

    use super::*;

    fn most<T: PartialSchema>() -> usize {
        serde_json::to_value(T::schema()).unwrap()["maxLength"].as_u64().unwrap().try_into().unwrap()
    }

    #[test]
    fn the_longest_of_the_document_is_the_longest_that_is_taken() {
        let (provider, room, person) =
            (most::<ProviderIdJson>(), most::<RoomIdJson>(), most::<CustomParticipantIdJson>());
        assert!(ProviderId::new(&"a".repeat(provider)).is_ok() && ProviderId::new(&"a".repeat(provider + 1)).is_err());
        assert!(RoomId::new(&"_".repeat(room)).is_ok() && RoomId::new(&"_".repeat(room + 1)).is_err());
        for text in ["\u{0}", "\u{1f}", " ", "~", "\u{7f}", "\u{9f}", "\u{a0}"] {
            let schema = serde_json::json!({ "pattern": NO_CONTROLS });
            let fits = jsonschema::is_valid(&schema, &text.into());
            assert_eq!(CustomParticipantId::new(text).is_ok(), fits, "{text:?}");
        }
        assert!(CustomParticipantId::new(&"é".repeat(person)).is_ok());
        assert!(CustomParticipantId::new(&"é".repeat(person + 1)).is_err());
    }
}
