//! The JSON types.

use serde_json::value::RawValue;

/// Which of the JSON types a value has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number of any size.
    Number,
    /// A string, with whatever escapes.
    Text,
    /// An array of any values.
    Array,
    /// An object, with whatever names.
    Object,
}

impl Shape {
    /// The type of a value. A raw value starts with the first character of its token, so that one tells.
    #[must_use]
    pub fn of(value: &RawValue) -> Self {
        match value.get().as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Bool,
            Some(b'n') => Self::Null,
            _ => Self::Number,
        }
    }
}
