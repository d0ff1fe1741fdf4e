//! The `Ratelimit` and `Ratelimit-Policy` headers of `docs/upstream/realtimekit.md` §5, read leniently.
//!
//! `Ratelimit: "default";r=50;t=30` says that 50 calls remain for the next 30 s; `Ratelimit-Policy: "burst";q=100;w=60`
//! that 100 are allowed per 60 s. Names vary and several items may come, in one header or in several.

use std::time::Duration;

use http::HeaderMap;

/// More items than this in one answer are not read.
const MAX_ITEMS: usize = 8;
/// A window longer than this is not believed: it would silence us for as long.
const MAX_WINDOW: Duration = Duration::from_secs(3600);

/// What one answer says of the provider's limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RateLimits {
    /// Per named limit: the calls that remain, and for how long.
    pub(crate) remaining: Vec<Item>,
    /// Per named limit: the calls allowed in a window.
    pub(crate) policies: Vec<Item>,
}

/// `calls` per, or for the next, `window`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) calls: u32,
    pub(crate) window: Duration,
}

impl RateLimits {
    /// Reads the headers; items that cannot be understood are left out.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        Self {
            remaining: items(headers, "ratelimit", "r", "t"),
            policies: items(headers, "ratelimit-policy", "q", "w").into_iter().filter(|item| item.calls > 0).collect(),
        }
    }
}

fn items(headers: &HeaderMap, header: &str, calls: &str, window: &str) -> Vec<Item> {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .filter_map(|text| item(text, calls, window))
        .take(MAX_ITEMS)
        .collect()
}

fn item(text: &str, calls: &str, window: &str) -> Option<Item> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next()?.trim_matches('"');
    let parameters: Vec<(&str, &str)> =
        parts.filter_map(|part| part.split_once('=')).map(|(key, value)| (key.trim(), value.trim())).collect();
    let number = |wanted: &str| {
        let (_, value) = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted))?;
        value.trim_matches('"').parse::<u32>().ok()
    };
    let window = Duration::from_secs(u64::from(number(window)?));
    let believable = !window.is_zero() && window <= MAX_WINDOW && name.len() <= 64;
    believable.then_some(Item { name: name.to_owned(), calls: number(calls)?, window })
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn read(headers: &[(&'static str, &str)]) -> RateLimits {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            });
        RateLimits::of(&headers)
    }

    fn item(name: &str, calls: u32, seconds: u64) -> Item {
        Item { name: name.to_owned(), calls, window: Duration::from_secs(seconds) }
    }

    #[test]
    fn the_documented_headers_are_read() {
        let limits = read(&[("ratelimit", r#""default";r=50;t=30"#), ("ratelimit-policy", r#""burst";q=100;w=60"#)]);
        assert_eq!(limits.remaining, [item("default", 50, 30)]);
        assert_eq!(limits.policies, [item("burst", 100, 60)]);
    }

    #[test]
    fn several_items_come_in_one_header_or_in_several() {
        let limits = read(&[("ratelimit", r#""a";r=5;t=1, "b" ; T=2 ; R=0;x=y"#), ("ratelimit", "c;r=7;t=3")]);
        assert_eq!(limits.remaining, [item("a", 5, 1), item("b", 0, 2), item("c", 7, 3)]);
    }

    #[test]
    fn rubbish_is_left_out() {
        for text in
            ["", ";;;", "default", "\"d\";r=1", "\"d\";t=1", "d;r=-1;t=1", "d;r=x;t=1", "d;r=1;t=0", "d;r=1;t=99999999"]
        {
            assert!(read(&[("ratelimit", text)]).remaining.is_empty(), "{text}");
        }
        assert!(read(&[("ratelimit-policy", "d;q=0;w=60")]).policies.is_empty());
        let many = "d;r=1;t=1,".repeat(1000);
        assert_eq!(read(&[("ratelimit", &many)]).remaining.len(), MAX_ITEMS);
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics(text in "[ -~]{0,200}") {
            let _ = read(&[("ratelimit", &text), ("ratelimit-policy", &text)]);
        }
    }
}
