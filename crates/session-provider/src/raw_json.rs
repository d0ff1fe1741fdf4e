//! JSON that is handed on, not understood.

use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

/// One valid JSON value as text, rendered as it is: numbers keep every digit, objects the order of their members.
/// Equal when the texts are. Cheap to clone.
#[derive(Clone)]
pub struct RawJson(Arc<RawValue>);

impl RawJson {
    /// Takes the text if it is one JSON value.
    #[must_use]
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str::<Box<RawValue>>(json).ok().map(Self::from)
    }

    /// The JSON as it is rendered.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(json: Box<RawValue>) -> Self {
        Self(Arc::from(json))
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.get() == other.get()
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl serde::Serialize for RawJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_rendered() {
        let json = r#"{"n":123456789012345678901234567890,"d":0.10000000000000000000001,"e":1.50E+2}"#;
        let raw = RawJson::parse(json).unwrap();
        assert_eq!(serde_json::to_string(&[&raw]).unwrap(), format!("[{json}]"));
        assert_eq!(raw, RawJson::parse(json).unwrap());
    }

    #[test]
    fn what_is_not_one_value_is_not_taken() {
        for text in ["", "{", "1 2", "nul", "{}x"] {
            assert!(RawJson::parse(text).is_none(), "{text}");
        }
    }
}
