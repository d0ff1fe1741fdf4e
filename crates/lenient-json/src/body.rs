//! Bodies as text.

use std::borrow::Cow;

/// The most places of a body that may be mended. Text that is broken in more places is no text.
const MAX_MENDED: usize = 1 << 16;

/// A body as text, without a byte order mark. Bytes that are not UTF-8 become U+FFFD, which spoils the title that holds
/// them and nothing else; `None` when they are so many that it cannot have been meant as text.
#[must_use]
pub fn body(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let mut text = String::with_capacity(bytes.len() + 64);
    for (at, chunk) in bytes.utf8_chunks().enumerate() {
        if at > MAX_MENDED {
            return None;
        }
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    Some(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_borrowed_and_broken_text_is_mended() {
        assert!(matches!(body("{\"a\":\"ü\"}".as_bytes()), Some(Cow::Borrowed("{\"a\":\"ü\"}"))));
        assert!(matches!(body(b"\xef\xbb\xbf{}"), Some(Cow::Borrowed("{}"))));
        assert_eq!(body(b"a\xffb\xc3").as_deref(), Some("a\u{fffd}b\u{fffd}"));
        // Half a surrogate as CESU-8 writes it is three bytes, none of which is UTF-8.
        assert_eq!(body(b"\xed\xa0\xbd").as_deref(), Some("\u{fffd}\u{fffd}\u{fffd}"));
    }

    #[test]
    fn noise_is_no_text_and_costs_no_memory() {
        assert_eq!(body(&vec![0xff; 1 << 20]), None);
    }
}
