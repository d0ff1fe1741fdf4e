//! What the header says.

use aws_lc_rs::hmac;
use session_provider::Timestamp;

/// The value of `huddle01-signature`.
#[derive(Debug)]
pub(super) struct Signature<'a> {
    /// `t` as it was signed.
    pub(super) t: &'a str,
    /// The same as a time.
    pub(super) at: Timestamp,
    pub(super) algorithm: hmac::Algorithm,
    pub(super) tag: Vec<u8>,
}

/// A `t` of fewer digits is in seconds (`docs/upstream/huddle01.md` quirk 20).
const DIGITS_OF_MILLISECONDS: usize = 12;

/// More digits are no time.
const MOST_DIGITS: usize = 16;

impl<'a> Signature<'a> {
    /// Reads it as the SDK does: no trimming, `sha256` and `sha512` alone, what follows a second comma is not looked at.
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let mut parts = std::str::from_utf8(value).ok()?.split(',');
        let t = parts.next()?.strip_prefix("t=")?;
        let (algorithm, hex) = parts.next()?.split_once('=')?;
        let algorithm = match algorithm {
            "sha256" => hmac::HMAC_SHA256,
            "sha512" => hmac::HMAC_SHA512,
            _ => return None,
        };
        let tag = bytes_of(hex).filter(|tag| tag.len() == algorithm.tag_len())?;
        if t.len() > MOST_DIGITS || !t.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: i64 = t.parse().ok()?;
        let ms = if t.len() < DIGITS_OF_MILLISECONDS { number * 1000 } else { number };
        Some(Self { t, at: Timestamp::from_unix_ms(ms)?, algorithm, tag })
    }
}

/// The bytes of hexadecimal digits in small letters, as the SDK compares them.
fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if rest.is_empty() { bytes } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_milliseconds_are_told_apart_by_their_digits() {
        let tag = "ab".repeat(32);
        for (t, ms) in [("1773482400", 1_773_482_400_000), ("1773482400900", 1_773_482_400_900), ("0", 0)] {
            let text = format!("t={t},sha256={tag}");
            let signature = Signature::read(text.as_bytes()).unwrap();
            assert_eq!((signature.t, signature.at.unix_ms(), signature.tag), (t, ms, vec![0xab; 32]));
        }
        let long = format!("t=1,sha512={},more", "00".repeat(64));
        assert_eq!(Signature::read(long.as_bytes()).unwrap().tag, [0; 64]);
    }

    #[test]
    fn anything_else_is_no_signature() {
        let tag = "ab".repeat(32);
        for text in [
            String::new(),
            "t=1".to_owned(),
            format!("t=1,sha256={}", "AB".repeat(32)),
            format!("t=1,sha256={}", &tag[1..]),
            format!("t=1,sha256={}", &tag[2..]),
            format!("t=1,sha512={tag}"),
            format!("t=1,md5={}", "ab".repeat(16)),
            format!("t=1, sha256={tag}"),
            format!(" t=1,sha256={tag}"),
            format!("t=1,sha256={tag} "),
            format!("t=,sha256={tag}"),
            format!("t=-1,sha256={tag}"),
            format!("t=+1,sha256={tag}"),
            format!("t=1.5,sha256={tag}"),
            format!("t=99999999999999999,sha256={tag}"),
            format!("sha256={tag},t=1"),
            format!("T=1,sha256={tag}"),
        ] {
            assert!(Signature::read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(Signature::read(b"t=1,sha256=\xff").is_none());
    }
}
