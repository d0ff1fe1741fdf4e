//! One fault.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

type Edit = Arc<dyn Fn(&mut Value) + Send + Sync>;
type Rewrite = Arc<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>;

/// What happens instead of, or to, the real answer.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) kind: Kind,
    pub(super) delay: Option<Duration>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) after_effect: bool,
    pub(super) then: Option<Hook>,
}

/// What happens between an answer and the next request.
#[derive(Clone)]
pub(super) struct Hook(pub(super) Arc<dyn Fn() + Send + Sync>);

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

#[derive(Clone)]
pub(super) enum Kind {
    /// The real answer, unless delayed or given headers.
    Real,
    Answer {
        status: StatusCode,
        content_type: &'static str,
        body: Bytes,
    },
    Hang,
    Reset,
    ResetMidBody,
    ShortBody,
    TruncatedJson,
    Drip {
        every: Duration,
    },
    Padded {
        bytes: u64,
    },
    GzipBomb {
        bytes: u64,
    },
    Edited(Edit),
    Rewritten(Rewrite),
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.write_str("Real"),
            Self::Answer { status, .. } => write!(f, "Answer({status})"),
            Self::Hang => f.write_str("Hang"),
            Self::Reset => f.write_str("Reset"),
            Self::ResetMidBody => f.write_str("ResetMidBody"),
            Self::ShortBody => f.write_str("ShortBody"),
            Self::TruncatedJson => f.write_str("TruncatedJson"),
            Self::Drip { every } => write!(f, "Drip({every:?})"),
            Self::Padded { bytes } => write!(f, "Padded({bytes})"),
            Self::GzipBomb { bytes } => write!(f, "GzipBomb({bytes})"),
            Self::Edited(_) => f.write_str("Edited"),
            Self::Rewritten(_) => f.write_str("Rewritten"),
        }
    }
}

impl Fault {
    fn of(kind: Kind) -> Self {
        Self { kind, delay: None, headers: Vec::new(), after_effect: false, then: None }
    }

    fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::of(Kind::Answer { status, content_type, body: body.into() })
    }

    /// This status with this JSON body.
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::answer(status, "application/json", body.to_string())
    }

    /// This status with this body, called `application/json`, whatever it is.
    #[must_use]
    pub fn body(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::answer(status, "application/json", body)
    }

    /// This status with plain text.
    #[must_use]
    pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::answer(status, "text/plain;charset=UTF-8", body)
    }

    /// This status with an HTML page, as an edge or a login wall answers.
    #[must_use]
    pub fn html(status: StatusCode) -> Self {
        Self::answer(status, "text/html; charset=UTF-8", "<!DOCTYPE html>\n<html><body><h1>Sign in</h1></body></html>")
    }

    /// This status without a body.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        Self::text(status, Bytes::new())
    }

    /// 302 to `location`. An unprintable location is left out.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        let fault = Self::status(StatusCode::FOUND);
        match HeaderValue::from_str(location) {
            Ok(location) => fault.header(header::LOCATION, location),
            Err(_) => fault,
        }
    }

    /// 429 with a JSON body and, if given, `Retry-After` in seconds.
    #[must_use]
    pub fn rate_limited(retry_after_seconds: Option<u64>) -> Self {
        let fault = Self::json(StatusCode::TOO_MANY_REQUESTS, &json!({ "ok": false, "message": "Too many requests" }));
        match retry_after_seconds {
            Some(seconds) => fault.header(header::RETRY_AFTER, HeaderValue::from(seconds)),
            None => fault,
        }
    }

    /// 200 with `success: false` (`docs/upstream/realtimekit.md` quirk 11).
    #[must_use]
    pub fn unsuccessful() -> Self {
        let errors = json!([{ "code": 10000, "message": "Authentication error" }]);
        Self::json(StatusCode::OK, &json!({ "result": null, "success": false, "errors": errors, "messages": [] }))
    }

    /// Takes the request and never answers.
    #[must_use]
    pub fn hang() -> Self {
        Self::of(Kind::Hang)
    }

    /// Closes the connection with a TCP reset before a byte of an answer. Over [`router`](crate::Simulator::router)
    /// alone, where there is no connection, the answer is a 500 that says so; the same holds for the other faults that
    /// break a connection, whose bodies then end with an error.
    #[must_use]
    pub fn reset() -> Self {
        Self::of(Kind::Reset)
    }

    /// Half of the real body, then a TCP reset.
    #[must_use]
    pub fn reset_mid_body() -> Self {
        Self::of(Kind::ResetMidBody)
    }

    /// The real body, announced as longer than it is; then the connection closes in order.
    #[must_use]
    pub fn short_body() -> Self {
        Self::of(Kind::ShortBody)
    }

    /// Half of the real body as a complete HTTP body: truncated JSON.
    #[must_use]
    pub fn truncated_json() -> Self {
        Self::of(Kind::TruncatedJson)
    }

    /// The real body, one byte at a time, then white space for ever.
    #[must_use]
    pub fn drip(every: Duration) -> Self {
        Self::of(Kind::Drip { every })
    }

    /// `bytes` of white space, then the real body: valid JSON of which only the size is hostile. Made as it is sent.
    #[must_use]
    pub fn padded(bytes: u64) -> Self {
        Self::of(Kind::Padded { bytes })
    }

    /// A body of 300 MB.
    #[must_use]
    pub fn huge() -> Self {
        Self::padded(300_000_000)
    }

    /// [`padded`](Self::padded), compressed about a thousandfold, whatever encodings the request accepts. `bytes` is
    /// rounded up to whole MiB.
    #[must_use]
    pub fn gzip_bomb(bytes: u64) -> Self {
        Self::of(Kind::GzipBomb { bytes })
    }

    /// The real answer with its JSON changed. An answer that is not JSON is left alone.
    #[must_use]
    pub fn edited(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::of(Kind::Edited(Arc::new(edit)))
    }

    /// The real answer with the bytes of its body changed: what no JSON value can hold, half a surrogate for instance.
    #[must_use]
    pub fn rewritten(rewrite: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::of(Kind::Rewritten(Arc::new(rewrite)))
    }

    /// The real answer without its arrays: every member of the top two levels that is an array is gone.
    #[must_use]
    pub fn missing_array() -> Self {
        Self::edited(|body| {
            let Value::Object(members) = body else { return };
            members.retain(|_, v| !v.is_array());
            for member in members.values_mut() {
                if let Value::Object(inner) = member {
                    inner.retain(|_, v| !v.is_array());
                }
            }
        })
    }

    /// Nothing goes wrong, until [`delayed`](Self::delayed), [`header`](Self::header) or [`then`](Self::then) say
    /// otherwise.
    #[must_use]
    pub fn none() -> Self {
        Self::of(Kind::Real)
    }

    /// Waits before anything else happens, on tokio's time.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Adds a header to the answer, replacing one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Does this when the answer is made and before it is sent: the world as the next request finds it, for instance
    /// after a session has ended between two pages of a list.
    #[must_use]
    pub fn then(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.then = Some(Hook(Arc::new(hook)));
        self
    }

    /// Does what the request asks for before the fault, so that only the answer is lost: a kick that was carried out
    /// but not confirmed.
    #[must_use]
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }
}
