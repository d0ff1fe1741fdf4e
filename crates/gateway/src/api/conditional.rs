//! What the headers of a read ask for: `If-None-Match` and `Cache-Control` (RFC 9110 §13.1.2, RFC 9111 §5.2.1).

use http::{HeaderMap, HeaderValue, header};

/// What a caller says it holds already: the lines of `If-None-Match` as they came.
#[derive(Debug, Default)]
pub(crate) struct IfNoneMatch(Vec<HeaderValue>);

impl IfNoneMatch {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        Self(headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect())
    }

    /// Whether the caller holds what `etag` names, so that a 304 will do. Tags are compared weakly; `*` is whatever
    /// there is.
    pub(crate) fn holds(&self, etag: impl AsRef<[u8]>) -> bool {
        // Most hold none, or one and say of it what was said to them.
        if self.0.is_empty() || self.0.iter().any(|line| line.as_bytes() == etag.as_ref()) {
            return !self.0.is_empty();
        }
        let ours = opaque(std::str::from_utf8(etag.as_ref()).unwrap_or_default());
        let texts = || self.0.iter().filter_map(|line| line.to_str().ok());
        texts().any(|line| line.trim() == "*" || tags(line).any(|tag| tag == ours))
    }
}

fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

/// The tags of a line, with their quotes and without `W/`; a comma may stand inside the quotes. What is no tag ends the
/// list.
fn tags(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line.trim_start_matches([',', ' ', '\t']);
    std::iter::from_fn(move || {
        let tag = opaque(rest);
        let end = tag.strip_prefix('"')?.find('"')? + 2;
        rest = tag.get(end..)?.trim_start_matches([',', ' ', '\t']);
        tag.get(..end)
    })
}

/// Whether the caller wants an answer that is not older than the request: `no-cache`, or `max-age=0`, which means the
/// same. Letter case does not matter.
pub(crate) fn wants_fresh(headers: &HeaderMap) -> bool {
    headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).any(|text| {
        directives(text).any(|directive| {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            name.eq_ignore_ascii_case("no-cache")
                || name.eq_ignore_ascii_case("max-age") && value.parse::<u64>().is_ok_and(|seconds| seconds == 0)
        })
    })
}

/// Splits at the commas that stand outside quotes.
fn directives(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        for (lines, holds) in [
            (&[r#"W/"a""#][..], true),
            (&[r#""a""#], true),
            (&[r#""x", W/"a""#], true),
            (&[r#""x,y" ,"a""#], true),
            (&[r#""x""#, r#""a""#], true),
            (&["*"], true),
            (&[" * "], true),
            (&[], false),
            (&[r#""A""#], false),
            (&["a"], false),
            (&[r#""x, "a""#], false),
            (&[r#""*""#], false),
            (&[r#"W/"a"#], false),
        ] {
            let read = IfNoneMatch::read(&headers(header::IF_NONE_MATCH, lines));
            assert_eq!(read.holds(r#"W/"a""#), holds, "{lines:?}");
        }
    }

    #[test]
    fn no_cache_is_found_among_other_directives() {
        for (lines, fresh) in [
            (&["no-cache"][..], true),
            (&["No-Cache"], true),
            (&["max-age=5, NO-CACHE"], true),
            (&["no-store", "no-cache"], true),
            (&["max-age=0"], true),
            (&["max-age=\"0\""], true),
            (&["max-age=1"], false),
            (&["no-store"], false),
            (&["x-no-cache"], false),
            (&[r#"ext="a, no-cache""#], false),
            (&[], false),
        ] {
            assert_eq!(wants_fresh(&headers(header::CACHE_CONTROL, lines)), fresh, "{lines:?}");
        }
    }
}
