//! Values whose every bit counts, as texts: what one replica writes another reads as it was.

/// JSON that is handed on: `null` is a value, too.
pub(crate) mod json {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::RawJson;

    pub(crate) fn serialize<S: Serializer>(json: &Option<RawJson>, serializer: S) -> Result<S::Ok, S::Error> {
        json.as_ref().map(RawJson::get).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RawJson>, D::Error> {
        let text = Option::<Cow<'_, str>>::deserialize(deserializer)?;
        let parse = |text: Cow<'_, str>| RawJson::parse(&text).ok_or_else(|| serde::de::Error::custom("is not JSON"));
        text.map(parse).transpose()
    }
}

/// A number in the shortest digits that read as the same one.
pub(crate) mod number {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        number.map(|number| number.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        let text = Option::<Cow<'_, str>>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use crate::{RawJson, RoomId, Session, SessionStatus, Timestamp};

    #[test]
    fn a_session_is_read_as_it_was() {
        for (minutes, json) in
            [(Some(0.1 + 0.2), Some("null")), (None, None), (Some(-0.0), Some(r#"{"n":1.50E+2,"a":"\u0041"}"#))]
        {
            let session = Session {
                minutes_consumed: minutes,
                metadata: json.and_then(RawJson::parse),
                started_at: Timestamp::from_unix_ms(1_773_482_400_147),
                ..Session::of_room(RoomId::new("r").unwrap(), SessionStatus::Live)
            };
            let text = serde_json::to_string(&session).unwrap();
            let read: Session = serde_json::from_str(&text).unwrap();
            assert_eq!(read, session);
            assert_eq!(read.minutes_consumed.map(f64::to_bits), minutes.map(f64::to_bits));
        }
        assert!(serde_json::from_str::<RoomId>("\"../x\"").is_err(), "an id obeys its rule wherever it comes from");
    }
}
