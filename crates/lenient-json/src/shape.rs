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
        value.get().as_bytes().first().map_or(Self::Number, |first| Self::from_first(*first))
    }

    /// The type of what begins with this character, if it is JSON.
    pub(crate) fn from_first(first: u8) -> Self {
        match first {
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'"' => Self::Text,
            b't' | b'f' => Self::Bool,
            b'n' => Self::Null,
            _ => Self::Number,
        }
    }
}
