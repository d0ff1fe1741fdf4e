//! From an answer of the read side to a response: 200 or 304, and what it says about its freshness.

use std::sync::LazyLock;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use utoipa::openapi::path::Operation;

use crate::api::answer::RouteAnswer;
use crate::api::conditional::IfNoneMatch;
use crate::api::document::{CACHE_CONTROL, ETAG, HeaderDoc, add_headers, add_not_modified};
use crate::api::request_context::X_REQUEST_ID;
use crate::api::security_headers;
use crate::reads::{CacheStatus, ReadReply};

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// The headers of a 200 from the cache, with nothing in the places of those that each answer has its own: an answer begins
/// with a copy, in which those are found and not made.
static OF_200: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    // `accept-encoding` also on answers too small to be compressed: the next one may not be.
    headers.insert(header::VARY, HeaderValue::from_static("authorization, accept-encoding"));
    security_headers::insert(&mut headers, "");
    for name in [header::ETAG, header::AGE, CACHE_STATUS, X_REQUEST_ID] {
        headers.insert(name, HeaderValue::from_static(""));
    }
    headers
});

/// The same of a 304, which has no body that could be of a type.
static OF_304: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = OF_200.clone();
    headers.remove(header::CONTENT_TYPE);
    headers
});

/// The 200, or the 304 with the same headers where the caller holds the answer already.
#[derive(Debug)]
pub(crate) struct CachedAnswer {
    reply: ReadReply,
    not_modified: bool,
}

impl CachedAnswer {
    pub(crate) fn new(reply: ReadReply, held: &IfNoneMatch) -> Self {
        Self { not_modified: held.holds(&reply.etag), reply }
    }
}

impl IntoResponse for CachedAnswer {
    fn into_response(self) -> Response {
        let Self { reply, not_modified } = self;
        let mut headers = if not_modified { OF_304.clone() } else { OF_200.clone() };
        headers.insert(header::ETAG, reply.etag);
        if reply.no_store {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        headers.insert(header::AGE, age(reply.age));
        match HeaderValue::from_maybe_shared(cache_status(reply.cache_status)) {
            Ok(status) => headers.insert(CACHE_STATUS, status),
            Err(_) => headers.remove(CACHE_STATUS),
        };
        let mut response = Response::new(if not_modified { Body::empty() } else { Body::from(reply.body) });
        if not_modified {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        *response.headers_mut() = headers;
        response
    }
}

impl RouteAnswer for CachedAnswer {
    fn describe(operation: &mut Operation) {
        add_not_modified(operation);
        add_headers(operation, |status| matches!(status, "200" | "304"), HEADERS);
    }
}

const HEADERS: &[HeaderDoc] = &[
    ETAG,
    CACHE_CONTROL,
    HeaderDoc::integer("Age", "Seconds since the provider answered."),
    HeaderDoc::text("Cache-Status", "How the cache took part (RFC 9211)."),
    HeaderDoc::text("Vary", "`Authorization`, among others."),
];

/// The ages that most answers have, each written once.
static AGES: LazyLock<Vec<HeaderValue>> =
    LazyLock::new(|| (0..60).map(|age| HeaderValue::from_static(age.to_string().leak())).collect());

fn age(age: Duration) -> HeaderValue {
    let known = usize::try_from(age.as_secs()).ok().and_then(|age| AGES.get(age));
    known.cloned().unwrap_or_else(|| HeaderValue::from(age.as_secs()))
}

/// RFC 9211, without a key: keys hold ids.
fn cache_status(status: CacheStatus) -> Bytes {
    match status {
        CacheStatus::Hit { ttl } => {
            let mut text = Vec::with_capacity(32);
            text.extend_from_slice(b"rollcall; hit; ttl=");
            // Writing a number to memory does not fail; it takes a third of what formatting takes.
            let _ = serde_json::to_writer(&mut text, &ttl);
            text.into()
        }
        CacheStatus::Stale => Bytes::from_static(b"rollcall; fwd=stale"),
        CacheStatus::Miss { collapsed, stored } => Bytes::from_static(match (stored, collapsed) {
            (true, true) => b"rollcall; fwd=miss; stored; collapsed",
            (true, false) => b"rollcall; fwd=miss; stored",
            (false, true) => b"rollcall; fwd=miss; collapsed",
            (false, false) => b"rollcall; fwd=miss",
        }),
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn reply(cache_status: CacheStatus, no_store: bool) -> ReadReply {
        ReadReply {
            body: Bytes::from_static(b"{\"a\":1}"),
            etag: HeaderValue::from_static("W/\"x\""),
            age: Duration::from_millis(2900),
            cache_status,
            no_store,
        }
    }

    #[test]
    fn cache_status_says_how_the_cache_took_part() {
        for (status, text) in [
            (CacheStatus::Hit { ttl: 3 }, "rollcall; hit; ttl=3"),
            (CacheStatus::Hit { ttl: -4 }, "rollcall; hit; ttl=-4"),
            (CacheStatus::Stale, "rollcall; fwd=stale"),
            (CacheStatus::Miss { collapsed: false, stored: true }, "rollcall; fwd=miss; stored"),
            (CacheStatus::Miss { collapsed: true, stored: true }, "rollcall; fwd=miss; stored; collapsed"),
            (CacheStatus::Miss { collapsed: false, stored: false }, "rollcall; fwd=miss"),
        ] {
            assert_eq!(cache_status(status), text);
        }
    }

    #[test]
    fn every_age_is_itself() {
        for seconds in [0, 1, 59, 60, 61, 3600] {
            assert_eq!(age(Duration::from_millis(seconds * 1000 + 999)), seconds.to_string());
        }
    }

    #[tokio::test]
    async fn a_304_has_the_headers_of_the_200_and_no_body() {
        let any = IfNoneMatch::read(&HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("*"))]));
        let plain = CachedAnswer::new(reply(CacheStatus::Stale, true), &IfNoneMatch::default()).into_response();
        let same = CachedAnswer::new(reply(CacheStatus::Stale, true), &any).into_response();
        assert_eq!((plain.status(), same.status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
        for name in ["etag", "cache-control", "vary", "age", "cache-status"] {
            assert_eq!(plain.headers().get(name), same.headers().get(name), "{name}");
        }
        assert_eq!(same.headers()["cache-control"], "no-store");
        assert_eq!(same.headers()["age"], "2");
        assert!(same.into_body().collect().await.unwrap().to_bytes().is_empty());
        let fresh =
            CachedAnswer::new(reply(CacheStatus::Hit { ttl: 1 }, false), &IfNoneMatch::default()).into_response();
        assert_eq!(fresh.headers()["cache-control"], "private, no-cache");
    }
}
