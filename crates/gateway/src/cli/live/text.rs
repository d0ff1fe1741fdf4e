//! Texts of other people on a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// The text with everything written out that a terminal would obey, or that would turn its line around or hide in it.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut before, mut rest) = (None, text.chars().peekable());
    while let Some(c) = rest.next() {
        let joins = c == JOINER && before.is_some_and(is_pictograph) && rest.peek().copied().is_some_and(is_pictograph);
        if is_hostile(c) && !joins {
            // Writing to a text does not fail.
            let _ = write!(plain, "\\u{{{:x}}}", u32::from(c));
        } else {
            plain.push(c);
        }
        before = Some(c);
    }
    plain
}

/// Makes one picture of two. Between two of them it hides nothing, and the picture takes no more columns than they do;
/// anywhere else it is written out.
const JOINER: char = '\u{200d}';

/// Whether it is a picture, or tells how the one before it looks.
fn is_pictograph(c: char) -> bool {
    matches!(
        c,
        '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}'
    )
}

fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// How many columns a plain text takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The beginning of a plain text that takes this many columns at most, with an ellipsis where something is missing.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let beginning = text.chars().take_while(|c| {
        let needed = c.width().unwrap_or(0);
        let fits = needed <= room;
        room = room.saturating_sub(needed);
        fits
    });
    let mut fitted: String = beginning.collect();
    if columns > 0 {
        fitted.push('…');
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal_that_it_would_obey() {
        for (text, expected) in [
            ("Daily ünïcode 日本", "Daily ünïcode 日本"),
            ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}"),
            ("a\r\nb\t", "a\\u{d}\\u{a}b\\u{9}"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("\u{202e}evil\u{2066}\u{200f}", "\\u{202e}evil\\u{2066}\\u{200f}"),
            ("x\u{200b}y\u{2028}\u{feff}", "x\\u{200b}y\\u{2028}\\u{feff}"),
            ("👩\u{200d}💻 👩🏽\u{200d}❤\u{fe0f}\u{200d}👨", "👩\u{200d}💻 👩🏽\u{200d}❤\u{fe0f}\u{200d}👨"),
            ("a\u{200d}💻\u{200d}b\u{200d}", "a\\u{200d}💻\\u{200d}b\\u{200d}"),
            ("💻\u{200d}\u{200d}💻\u{200d}\u{202e}", "💻\\u{200d}\\u{200d}💻\\u{200d}\\u{202e}"),
        ] {
            assert_eq!(plain(text), expected);
        }
        let all: String = (0..=0x0010_ffff).filter_map(char::from_u32).collect();
        assert!(!plain(&all).chars().any(char::is_control));
    }

    #[test]
    fn a_text_fits_its_columns() {
        for (text, columns, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("e\u{301}e\u{301}e", 2, "e\u{301}…"),
        ] {
            let fitted = fit(text, columns);
            assert_eq!(fitted, expected, "{columns}");
            assert!(width(&fitted) <= columns);
        }
    }
}
