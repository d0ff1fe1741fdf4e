//! Both video services as one small server: bodies of their true shape, made once, for as many sessions as the path says.
//!
//! The simulators hold state, script faults and know limits; what they cost would be part of what is measured here.

mod huddle01;
mod realtimekit;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::middleware::map_response_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::peer::listen;

/// How often the services were asked.
type Asked = Arc<AtomicU64>;

/// `GET` of it tells how often the services were asked.
pub(crate) const ASKED: &str = "/asked";

pub(crate) async fn serve(address: SocketAddr) -> Result<()> {
    let asked = Asked::default();
    let router = Router::new()
        .merge(huddle01::router())
        .merge(realtimekit::router())
        .layer(map_response_with_state(Arc::clone(&asked), count))
        .route("/healthz", get(async || "ok"))
        .route(ASKED, get(async move || asked.load(Ordering::Relaxed).to_string()));
    listen(router, address).await
}

async fn count(State(asked): State<Asked>, response: Response) -> Response {
    asked.fetch_add(1, Ordering::Relaxed);
    response
}

fn json(body: impl Into<axum::body::Body>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.into()).into_response()
}
