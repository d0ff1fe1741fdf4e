//! What was done to a body before it was sent (RFC 9110 §8.4).

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

/// The `Accept-Encoding` we send. Brotli is read, too, but not asked for: its decoder may keep 16 MiB beside the body,
/// gzip's 32 KiB.
pub(crate) const ACCEPTED: &str = "gzip";

/// A coding that we can undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentCoding {
    Identity,
    Gzip,
    Brotli,
}

impl ContentCoding {
    /// The coding of an answer with these headers, in any letter case; `None` for one that we cannot undo, and for
    /// several on top of each other, which we never ask for.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut coding = Self::Identity;
        for value in headers.get_all(CONTENT_ENCODING) {
            for name in value.to_str().ok()?.split(',').map(str::trim) {
                let next = match name {
                    "" => continue,
                    _ if name.eq_ignore_ascii_case("identity") => continue,
                    _ if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => Self::Gzip,
                    _ if name.eq_ignore_ascii_case("br") => Self::Brotli,
                    _ => return None,
                };
                if coding != Self::Identity {
                    return None;
                }
                coding = next;
            }
        }
        Some(coding)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(values: &[&'static str]) -> Option<ContentCoding> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        ContentCoding::of(&headers)
    }

    #[test]
    fn codings_are_known_in_any_letter_case_and_identity_is_none() {
        for plain in [&[][..], &[""], &["identity"], &["Identity", " , "]] {
            assert_eq!(of(plain), Some(ContentCoding::Identity), "{plain:?}");
        }
        for gzip in [&["gzip"][..], &["GZIP"], &[" x-gzip "], &["X-GZip"], &["gzip, identity"], &["identity", "gzip"]] {
            assert_eq!(of(gzip), Some(ContentCoding::Gzip), "{gzip:?}");
        }
        assert_eq!(of(&["BR"]), Some(ContentCoding::Brotli));
    }

    #[test]
    fn what_we_cannot_undo_is_not_taken_for_plain() {
        for unknown in [&["deflate"][..], &["zstd"], &["compress"], &["aws-chunked"], &["gzip, br"], &["gzip", "gzip"]]
        {
            assert_eq!(of(unknown), None, "{unknown:?}");
        }
    }
}
