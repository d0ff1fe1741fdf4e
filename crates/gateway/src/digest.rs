//! The hash behind every `ETag`, cursor and page key.

use aws_lc_rs::digest::{Context, SHA256};
use http::HeaderValue;

/// 128 bits of a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 16]);

impl Digest {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut digester = Digester::new();
        digester.add(text);
        digester.finish()
    }

    /// As a weak entity tag, quotes and `W/` included: the value of `ETag`.
    #[expect(clippy::expect_used, reason = "hexadecimal digits in quotes are visible ASCII")]
    pub(crate) fn to_etag(self) -> HeaderValue {
        let tag: Vec<u8> = b"W/\"".iter().copied().chain(self.hex_digits()).chain([b'"']).collect();
        HeaderValue::try_from(tag).expect("a tag is a header value")
    }

    pub(crate) fn to_hex(self) -> String {
        self.hex_digits().map(char::from).collect()
    }

    fn hex_digits(self) -> impl Iterator<Item = u8> {
        let digit = |half: u8| if half < 10 { b'0' + half } else { b'a' + half - 10 };
        self.0.into_iter().flat_map(move |byte| [digit(byte >> 4), digit(byte & 0xf)])
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Hashes parts one after the other; each counts with its length, so that no two sequences of parts look alike.
pub(crate) struct Digester(Context);

impl Digester {
    pub(crate) fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    pub(crate) fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    /// The hash of all parts.
    pub(crate) fn finish(self) -> Digest {
        let full = self.0.finish();
        let mut cut = [0; 16];
        cut.iter_mut().zip(full.as_ref()).for_each(|(to, from)| *to = *from);
        Digest(cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        let of = |parts: &[&str]| {
            let mut digester = Digester::new();
            parts.iter().for_each(|part| digester.add(part.as_bytes()));
            digester.finish()
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab"]), Digest::of(b"ab"));
        let tag = of(&[]).to_etag();
        assert_eq!((tag.len(), tag), (36, HeaderValue::try_from(format!("W/\"{}\"", of(&[]).to_hex())).unwrap()));
        assert_eq!(
            Digest([0, 1, 16, 0xff, 0xa9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]).to_hex(),
            "000110ffa90000000000000000000002"
        );
    }
}
