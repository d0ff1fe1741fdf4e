//! The name of one connection, which is only ever shown.

use std::fmt;
use std::sync::Arc;

/// One connection of a person, as the provider names it: 1 to 256 visible characters, spaces among them.
///
/// It is never part of a URL and nobody addresses anything with it, so no name costs its row: an odd one is shown as
/// well as it can be, and differs from every other.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(Arc<str>);

impl ConnectionId {
    /// The most characters of one.
    pub const MAX_CHARS: usize = 256;

    /// Takes any name. What cannot be seen becomes U+FFFD; of a name that is longer than [`MAX_CHARS`](Self::MAX_CHARS)
    /// the beginning stays. A name changed by either ends in `~` and 16 digits of its hash. `None` for a name of nothing
    /// but white space, which is no name.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let trimmed = name.trim();
        if trimmed.is_empty() {
            return None;
        }
        if trimmed.chars().count() <= Self::MAX_CHARS && trimmed.chars().all(is_visible) {
            return Some(Self(Arc::from(trimmed)));
        }
        let seen = trimmed.chars().map(|c| if is_visible(c) { c } else { char::REPLACEMENT_CHARACTER });
        let shown: String = seen.take(Self::MAX_CHARS - 17).collect();
        Some(Self(Arc::from(format!("{shown}~{:016x}", fnv1a(trimmed)))))
    }

    /// The name as it is shown: 1 to 256 visible characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character can be seen, or is a plain space.
fn is_visible(c: char) -> bool {
    !c.is_control()
        && (c == ' ' || !c.is_whitespace())
        // Zero-width and direction marks, and the tags and fillers that render as nothing.
        && !matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// FNV-1a: the same in every process, which the standard hashers do not promise.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl serde::Serialize for ConnectionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for ConnectionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| serde::de::Error::custom("is empty"))
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_names_stay_as_they_are() {
        let longest = "ä".repeat(256);
        for name in
            ["peerId-4cRF64LOB6dWF_d0qEzQs", "a.b", "a@b.c/1", "desk 4", "日本語", "\u{1f600}", longest.as_str()]
        {
            assert_eq!(ConnectionId::new(name).unwrap().as_str(), name);
        }
        assert_eq!(ConnectionId::new(" a ").unwrap().as_str(), "a");
    }

    #[test]
    fn odd_names_are_shown_and_told_apart() {
        let of = |name: &str| ConnectionId::new(name).unwrap();
        let (bell, escape) = (of("a\u{7}b"), of("a\u{1b}b"));
        assert!(bell.as_str().starts_with("a\u{fffd}b~"), "{bell}");
        assert_ne!(bell, escape);
        let long = |end: &str| of(&format!("{}{end}", "x".repeat(300)));
        assert_eq!(long("1").as_str().chars().count(), 256);
        assert_ne!(long("1"), long("2"));
        assert_eq!(long("1"), long("1"));
        for id in [bell, long("1"), of("\u{202e}evil")] {
            assert!(id.as_str().chars().all(is_visible), "{id}");
        }
    }

    #[test]
    fn white_space_is_no_name() {
        for name in ["", " ", "\t\n", "\u{2003}"] {
            assert!(ConnectionId::new(name).is_none(), "{name:?}");
        }
    }
}
