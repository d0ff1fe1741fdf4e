//! Carrying a fault out.

use std::future::{Future, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;

use crate::faults::body;
use crate::faults::fault::{Fault, Kind};
use crate::faults::gzip::Bomb;

/// In the extensions of an answer: close the connection without sending it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CloseConnection;

/// In the extensions of a request: lets its connection be reset.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionControl(Arc<AtomicBool>);

impl ConnectionControl {
    /// The connection is to end with a reset when it closes.
    pub(crate) fn reset(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn is_reset(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Answers as the fault says. `real` does what the request asks for; it is not called when the fault forbids it.
pub(crate) async fn inject(
    fault: Option<Fault>,
    control: Option<ConnectionControl>,
    real: impl Future<Output = Response>,
) -> Response {
    let Some(fault) = fault else { return real.await };
    if let Some(delay) = fault.delay {
        tokio::time::sleep(delay).await;
    }
    let control = control.unwrap_or_default();
    let mut response = match &fault.kind {
        Kind::Answer { .. } | Kind::Hang | Kind::Reset => {
            if fault.after_effect {
                drop(real.await);
            }
            instead(&fault.kind, &control).await
        }
        kind => altered(kind, &control, real.await).await,
    };
    if let Some(then) = fault.then {
        (then.0)();
    }
    for (name, value) in fault.headers {
        response.headers_mut().insert(name, value);
    }
    response
}

async fn instead(kind: &Kind, control: &ConnectionControl) -> Response {
    match kind {
        Kind::Answer { status, content_type, body } => {
            (*status, [(header::CONTENT_TYPE, *content_type)], body.clone()).into_response()
        }
        Kind::Hang => pending().await,
        _ => {
            control.reset();
            let text = "the script resets the connection here, but there is none: serve the simulator on a listener";
            let mut response = (StatusCode::INTERNAL_SERVER_ERROR, text).into_response();
            response.extensions_mut().insert(CloseConnection);
            response
        }
    }
}

async fn altered(kind: &Kind, control: &ConnectionControl, real: Response) -> Response {
    if matches!(kind, Kind::Real) {
        return real;
    }
    let (mut parts, body) = real.into_parts();
    // Bodies of the simulator's own answers are in memory and can't fail.
    let real: Bytes = body.collect().await.map(|b| b.to_bytes()).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let half = real.slice(..real.len() / 2);
    let body = match kind {
        Kind::ResetMidBody => {
            announce(&mut parts.headers, real.len());
            let control = control.clone();
            body::broken(half, move || control.reset())
        }
        Kind::ShortBody => {
            announce(&mut parts.headers, real.len() + 100);
            body::unsized_body(real)
        }
        Kind::TruncatedJson => Body::from(half),
        Kind::Drip { every } => body::drip(*every, real),
        Kind::Padded { bytes } => body::padded(*bytes, real),
        Kind::GzipBomb { bytes } => match Bomb::new(*bytes, &real) {
            Ok(bomb) => {
                parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                body::bomb(&bomb)
            }
            Err(error) => return (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
        },
        Kind::Edited(edit) => match serde_json::from_slice::<Value>(&real) {
            Ok(mut value) => {
                edit(&mut value);
                Body::from(value.to_string())
            }
            Err(_) => Body::from(real),
        },
        Kind::Rewritten(rewrite) => Body::from(rewrite(real.to_vec())),
        Kind::Real | Kind::Answer { .. } | Kind::Hang | Kind::Reset => Body::from(real),
    };
    Response::from_parts(parts, body)
}

fn announce(headers: &mut HeaderMap, length: usize) {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
}
