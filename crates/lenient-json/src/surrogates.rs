//! Halves of surrogate pairs, which JavaScript writes when it cuts through an emoji.

use std::borrow::Cow;

/// The escape of U+FFFD, as long as any half of a pair.
pub(crate) const REPLACEMENT: &str = "\\ufffd";

/// Valid JSON with an escape of U+FFFD in the place of every half of a surrogate pair. As long as it was.
pub(crate) fn mended(json: &str) -> Cow<'_, str> {
    let mut out: Option<String> = None;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match escape(json, at) {
            Escape::Whole(length) => at += length,
            Escape::Half => {
                let end = at + REPLACEMENT.len();
                out.get_or_insert_with(|| json.to_owned()).replace_range(at..end, REPLACEMENT);
                at = end;
            }
        }
    }
    out.map_or(Cow::Borrowed(json), Cow::Owned)
}

/// An escape sequence of a JSON text.
pub(crate) enum Escape {
    /// One that stands for a character, of so many bytes.
    Whole(usize),
    /// Half of a surrogate pair without the other, of six bytes.
    Half,
}

/// What the escape that begins `at` is.
pub(crate) fn escape(json: &str, at: usize) -> Escape {
    match unit(json, at) {
        None => Escape::Whole(2),
        Some(0xd800..=0xdbff) if matches!(unit(json, at + 6), Some(0xdc00..=0xdfff)) => Escape::Whole(12),
        Some(0xd800..=0xdfff) => Escape::Half,
        Some(_) => Escape::Whole(6),
    }
}

/// The code unit of a `\uXXXX` that begins `at`.
fn unit(json: &str, at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_pairs_stay() {
        for (json, expected) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#),
            (r#""\ude00 cut""#, r#""\ufffd cut""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\uD83Dx\uDE00""#, r#""\ufffdx\ufffd""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#"{"\ud83d":["\ud83d",1]}"#, r#"{"\ufffd":["\ufffd",1]}"#),
            (r#""ü\n\u00fc""#, r#""ü\n\u00fc""#),
        ] {
            assert_eq!(mended(json), expected, "{json}");
        }
        assert!(matches!(mended("\"plain\""), Cow::Borrowed(_)));
    }
}
