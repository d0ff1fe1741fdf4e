//! `Retry-After`: seconds or a date.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use http::header::RETRY_AFTER;
use session_provider::{Clock, Error, Timestamp};

/// How long the answer asks us to wait, cut to 0-300 s; `None` if it does not say, or says it unreadably.
pub(crate) fn retry_after(headers: &HeaderMap, clock: &Clock) -> Option<Duration> {
    headers.get_all(RETRY_AFTER).iter().find_map(|value| parse(value.to_str().ok()?.trim(), clock))
}

fn parse(text: &str, clock: &Clock) -> Option<Duration> {
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_or(Duration::MAX, Duration::from_secs)
    } else {
        let at = httpdate::parse_http_date(text).ok()?;
        let ms = at.duration_since(UNIX_EPOCH).ok()?.as_millis();
        Timestamp::from_unix_ms(i64::try_from(ms).ok()?)?.since(clock.now())
    };
    Some(wait.min(Error::MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(values: &[&str]) -> Option<u64> {
        let clock = Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap());
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        }
        retry_after(&headers, &clock).map(|wait| wait.as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn seconds_and_dates_are_read_and_cut_and_rubbish_is_ignored() {
        for (values, wait) in [
            (&["30"][..], Some(30)),
            (&["0"], Some(0)),
            (&[" 7 "], Some(7)),
            (&["301"], Some(300)),
            (&["99999999999999999999999999"], Some(300)),
            (&["Fri, 20 Nov 2026 10:00:42 GMT"], Some(42)),
            (&["Fri, 20 Nov 2026 09:00:00 GMT"], Some(0)),
            (&["Fri, 20 Nov 2099 10:00:00 GMT"], Some(300)),
            (&["soon", "5"], Some(5)),
            (&["soon"], None),
            (&["-5"], None),
            (&["1.5"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(read(values), wait, "{values:?}");
        }
    }
}
