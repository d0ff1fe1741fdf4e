//! The bare server in front of a provider: one exchange for each request, its body passed on as it came.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use reqwest::Client;

use crate::rollcall;

struct Relay {
    upstream: String,
    client: Client,
}

pub(super) fn router(upstream: String) -> Result<Router> {
    let client = Client::builder().no_proxy().tcp_nodelay(true).build()?;
    Ok(Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/v1/live-sessions/{provider}/{room_id}", get(pass))
        .with_state(Arc::new(Relay { upstream, client })))
}

async fn pass(State(relay): State<Arc<Relay>>, Path((provider, room)): Path<(String, String)>) -> Response {
    let (url, name, credential) = match provider.as_str() {
        "huddle01" => (rollcall::huddle01_room(&relay.upstream, &room), "x-api-key", "demo"),
        _ => (rollcall::realtimekit_room(&relay.upstream, &room), "authorization", "Bearer demo"),
    };
    let answer = async { relay.client.get(url).header(name, credential).send().await?.bytes().await }.await;
    match answer {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
