//! What a text must be to be a secret.

use secrecy::SecretString;

/// The byte order mark with which some editors begin a text file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The secret in the text of a file. A byte order mark before it and white space after it (line ends above all) come
/// from editors and shells and are no part of it.
pub(super) fn in_file(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_end()
}

/// Takes the text if each of its characters is a visible one of ASCII (0x21 to 0x7E). Whatever else stands in a secret
/// came there by mistake, and would be refused later by whoever the secret is shown to, who says no more than 401.
///
/// # Errors
/// What is wrong and what to do; tells where the character is, and never what stands beside it.
pub(super) fn visible(text: &str) -> Result<SecretString, String> {
    match text.chars().enumerate().find(|(_, character)| !character.is_ascii_graphic()) {
        _ if text.is_empty() => Err("holds no secret; it is empty".to_owned()),
        None => Ok(SecretString::from(text)),
        Some((index, character)) => Err(format!(
            "holds {} as character {}; a secret is visible ASCII (0x21 to 0x7E) alone, correct it",
            kind_of(character),
            index + 1
        )),
    }
}

/// Whether it is what other programs put a variable's value in the place of.
pub(super) fn is_a_reference(text: &str) -> bool {
    text.starts_with("${") && text.ends_with('}')
}

/// Names what cannot be seen in an editor; anything else is not quoted, since it may be the secret's own.
fn kind_of(character: char) -> &'static str {
    match character {
        BYTE_ORDER_MARK => "a byte order mark",
        '\u{a0}' | '\u{202f}' => "a no-break space",
        ' ' => "a space",
        '\n' | '\r' => "a line end",
        _ if character.is_whitespace() => "white space",
        _ if character.is_control() => "a control character",
        _ => "one that is not",
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use secrecy::ExposeSecret;

    use super::*;

    #[rstest]
    #[case("secret")]
    #[case("secret\n")]
    #[case("secret\r\n")]
    #[case("secret\r\n\r\n")]
    #[case("secret \t\n")]
    #[case("secret\u{a0}")]
    #[case("secret\u{2028}")]
    #[case("\u{feff}secret")]
    #[case("\u{feff}secret\r\n")]
    fn what_editors_and_shells_add_to_a_file_is_no_part_of_the_secret(#[case] text: &str) {
        assert_eq!(visible(in_file(text)).unwrap().expose_secret(), "secret", "{text:?}");
    }

    #[rstest]
    #[case("", "empty")]
    #[case(" canary", "a space as character 1;")]
    #[case("canary ", "a space as character 7;")]
    #[case("can ary", "a space as character 4;")]
    #[case("canary\n", "a line end")]
    #[case("canary\r\n", "a line end")]
    #[case("can\nary", "a line end")]
    #[case("can\tary", "white space")]
    #[case("canary\u{a0}", "a no-break space")]
    #[case("can\u{202f}ary", "a no-break space")]
    #[case("\u{feff}canary", "a byte order mark")]
    #[case("can\u{200b}ary", "one that is not as character 4;")]
    #[case("can\u{2019}ary", "one that is not as character 4;")]
    #[case("canäry", "one that is not as character 4;")]
    #[case("can\u{0}ary", "a control character")]
    #[case("can\u{7f}ary", "a control character")]
    fn anything_else_that_is_not_visible_ascii_is_told_and_not_quoted(#[case] text: &str, #[case] why: &str) {
        let reason = visible(text).unwrap_err();
        assert!(reason.contains(why), "{text:?}: {reason}");
        assert!(!reason.contains("can") && !reason.contains("ary") && !reason.contains('ä'), "{reason}");
    }

    #[test]
    fn every_visible_character_of_ascii_is_taken() {
        let all: String = ('\u{21}'..='\u{7e}').collect();
        assert_eq!(visible(&all).unwrap().expose_secret(), all);
    }

    #[rstest]
    #[case("\u{feff}")]
    #[case(" \r\n")]
    #[case("\u{feff}\u{feff}secret")]
    #[case("\n secret")]
    #[case("one\ntwo\n")]
    fn a_file_with_nothing_or_with_more_is_no_secret(#[case] text: &str) {
        assert!(visible(in_file(text)).is_err(), "{text:?}");
    }
}
