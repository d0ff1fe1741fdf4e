//! Both video services as one small server: bodies of their true shape, made once, for as many sessions as the path says.
//!
//! The simulators hold state, script faults and know limits; what they cost would be part of what is measured here.

mod bodies;
mod huddle01;
mod realtimekit;
mod shown;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use axum::Router;
use axum::body::HttpBody;
use axum::extract::State;
use axum::http::header;
use axum::middleware::map_response_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use serde::{Deserialize, Serialize};

use crate::peer::listen;

pub(crate) use crate::upstream::shown::Shown;

/// `GET` of it tells what the services were asked for so far.
pub(crate) const ASKED: &str = "/asked";

/// What the services were asked for: numbers so far, or for each answer of a server in front of them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) exchanges: f64,
    /// Bytes of the bodies of their answers.
    pub(crate) bytes: f64,
}

impl Asked {
    pub(crate) fn since(self, before: Self) -> Self {
        Self { exchanges: self.exchanges - before.exchanges, bytes: self.bytes - before.bytes }
    }

    pub(crate) fn over(self, answers: u64) -> Self {
        Self { exchanges: self.exchanges / answers as f64, bytes: self.bytes / answers as f64 }
    }
}

#[derive(Debug, Default)]
struct Counters {
    exchanges: AtomicU64,
    bytes: AtomicU64,
}

pub(crate) async fn serve(address: SocketAddr) -> Result<()> {
    let counters = Arc::<Counters>::default();
    let router = Router::new()
        .merge(huddle01::router())
        .merge(realtimekit::router())
        .layer(map_response_with_state(Arc::clone(&counters), count))
        .route("/healthz", get(async || "ok"))
        .route(ASKED, get(async move || asked(&counters)));
    listen(router, address).await
}

async fn count(State(counters): State<Arc<Counters>>, response: Response) -> Response {
    counters.exchanges.fetch_add(1, Ordering::Relaxed);
    counters.bytes.fetch_add(response.body().size_hint().exact().unwrap_or_default(), Ordering::Relaxed);
    response
}

fn asked(counters: &Counters) -> Response {
    let number = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
    let asked = Asked { exchanges: number(&counters.exchanges), bytes: number(&counters.bytes) };
    json(serde_json::to_vec(&asked).unwrap_or_default())
}

fn json(body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}
