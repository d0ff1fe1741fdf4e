//! Parameters that take one of a few words.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde_json::Value;
use utoipa::PartialSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

/// The variant that the document calls so.
///
/// # Errors
/// Which words there are.
pub(super) fn read_word<'a, T: Deserialize<'a> + PartialSchema>(text: &'a str) -> Result<T, Cow<'static, str>> {
    let deserializer: StrDeserializer<'a, Error> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|_| format!("must be {}", either(&words(&T::schema()))).into())
}

fn words(schema: &RefOr<Schema>) -> Vec<String> {
    let RefOr::T(Schema::Object(schema)) = schema else { return Vec::new() };
    let words = schema.enum_values.iter().flatten();
    words.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
