//! Opaque keyset positions: where a page ended, and of which list.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use session_provider::Timestamp;

use crate::digest::Digester;
use crate::problem::{Code, FieldError, Problem};
use crate::reads::render::render;

/// The format's version; a cursor of another is refused.
const VERSION: u8 = 1;
/// The longest cursor that is looked at, and that is made.
pub(crate) const MAX_LEN: usize = 6 * 1024;

/// Which list a cursor belongs to: its route and filters. `limit`, `include` and `partial` change no position, so they
/// may change during a walk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ListId(Arc<str>);

impl ListId {
    /// Of the parts that tell one list from another, the route first.
    pub(crate) fn new<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut digester = Digester::new();
        parts.into_iter().for_each(|part| digester.add(part.as_bytes()));
        let mut hex = digester.finish().to_hex();
        hex.truncate(16);
        Self(hex.into())
    }

    /// Its name in cursors.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The cursor of a position in this list.
    pub(crate) fn cursor<P: Serialize>(&self, position: &P) -> String {
        URL_SAFE_NO_PAD.encode(render(&(VERSION, &*self.0, position)))
    }

    /// The position of a cursor of this list.
    ///
    /// # Errors
    /// `invalid_cursor` if it is none, or of another list.
    pub(crate) fn position<P: DeserializeOwned>(&self, cursor: &str) -> Result<P, InvalidCursor> {
        if cursor.len() > MAX_LEN {
            return Err(InvalidCursor::TooLong);
        }
        let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor::Undecodable)?;
        let (version, list, position): (u8, String, P) =
            serde_json::from_slice(&json).map_err(|_| InvalidCursor::Undecodable)?;
        if version != VERSION {
            return Err(InvalidCursor::OtherVersion);
        }
        if *list != *self.0 {
            return Err(InvalidCursor::OtherList);
        }
        Ok(position)
    }
}

/// Why a cursor cannot be used: a 400 `invalid_cursor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InvalidCursor {
    /// It is longer than any that is made.
    TooLong,
    /// It is not one of ours.
    Undecodable,
    /// It is of another version.
    OtherVersion,
    /// It belongs to another list or to other filters.
    OtherList,
}

impl From<InvalidCursor> for Problem {
    fn from(why: InvalidCursor) -> Self {
        let why = match why {
            InvalidCursor::TooLong => "The cursor is longer than any that Rollcall makes.",
            InvalidCursor::Undecodable => "The cursor cannot be decoded.",
            InvalidCursor::OtherVersion => "The cursor is of another version of Rollcall.",
            InvalidCursor::OtherList => "The cursor belongs to another list, or to other filters.",
        };
        let mut problem = Self::new(Code::InvalidCursor, format!("{why} Start again without a cursor."));
        problem.errors.push(FieldError { field: "cursor".to_owned(), detail: why.to_owned() });
        problem
    }
}

/// A moment from a cursor.
///
/// # Errors
/// `invalid_cursor` if there is no such moment.
pub(crate) fn moment(unix_ms: Option<i64>) -> Result<Option<Timestamp>, InvalidCursor> {
    unix_ms.map(|ms| Timestamp::from_unix_ms(ms).ok_or(InvalidCursor::Undecodable)).transpose()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use session_provider::ConnectionId;

    use super::*;

    type Position = (Option<i64>, String, String);

    fn list() -> ListId {
        ListId::new(["live-sessions"])
    }

    #[test]
    fn a_cursor_leads_back_to_its_position_and_to_no_other_list() {
        let position: Position = (Some(-5), "p".to_owned(), "r".to_owned());
        let cursor = list().cursor(&position);
        assert_eq!(list().position::<Position>(&cursor).unwrap(), position);
        let other = ListId::new(["live-sessions", "p"]).position::<Position>(&cursor).unwrap_err();
        assert_eq!(other, InvalidCursor::OtherList);
        let other = Problem::from(other);
        assert_eq!((other.code, other.status), (Code::InvalidCursor, 400));
        assert_eq!(other.errors.first().unwrap().field, "cursor");
    }

    #[test]
    fn another_version_is_refused() {
        let cursor = URL_SAFE_NO_PAD.encode(render(&(2, &list().0, (Some(1), "p", "r"))));
        assert_eq!(list().position::<Position>(&cursor), Err(InvalidCursor::OtherVersion));
    }

    #[test]
    fn the_longest_cursor_is_accepted() {
        for character in ["\u{1f600}", "ä", "\"", "\\", "x"] {
            let longest = ConnectionId::new(&character.repeat(ConnectionId::MAX_CHARS)).unwrap();
            let position = (Some(i64::MIN), longest.to_string());
            let cursor = list().cursor(&position);
            assert!(cursor.len() < 1500, "{}", cursor.len());
            assert_eq!(list().position::<(Option<i64>, String)>(&cursor).unwrap(), position);
        }
        assert!(list().position::<Position>(&"A".repeat(2049)).is_err());
    }

    #[test]
    fn moments_out_of_range_are_refused() {
        assert!(moment(Some(i64::MAX)).is_err());
        assert_eq!(moment(None).unwrap(), None);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(text in ".{0,2000}") {
            prop_assert!(list().position::<Position>(&text).is_err());
        }

        #[test]
        fn decodable_garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let cursor = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert!(list().position::<Position>(&cursor).is_err());
        }

        #[test]
        fn any_position_survives(ms in any::<Option<i64>>(), a in "[a-z]{0,32}", b in "[A-Za-z0-9_-]{0,128}") {
            let cursor = list().cursor(&(ms, &a, &b));
            prop_assert_eq!(list().position::<Position>(&cursor).unwrap(), (ms, a, b));
        }
    }
}
