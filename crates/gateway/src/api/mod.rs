//! The HTTP surface: one file per resource, one place for the routes, one for the order of layers.

mod accept;
mod answer;
mod asked;
mod at_hand;
mod board;
mod body;
mod compress;
mod conditional;
mod cors;
mod document;
mod events;
mod guard;
mod layers;
mod left_out;
mod live_session;
mod live_sessions;
mod method_label;
mod moderation;
mod observe;
mod params;
mod participants;
mod problem_sets;
mod problem_types;
mod providers;
mod read_request;
mod read_route;
mod render_problems;
mod request_context;
mod request_size;
mod route_group;
mod routes;
mod security_headers;
mod service;
mod session_history;
mod sessions;
mod state;
mod swagger;
mod system;
mod timeout;
mod webhooks;

#[cfg(test)]
mod tests;

use std::future::ready;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

pub use crate::api::service::ApiService;

use crate::api::document::{ServedDocument, document_of};
use crate::api::state::ApiState;
use crate::app::App;

/// The OpenAPI document, 3.1, as text for people to read, with a final newline.
#[must_use]
pub fn openapi_json() -> String {
    document_of(routes::public().into_openapi()).text()
}

/// The same for generators that know no 3.1: OpenAPI 3.0.3, with problems described as `application/json`.
#[must_use]
pub fn openapi_30_json() -> String {
    document_of(routes::public().into_openapi()).into_30().text()
}

static DOCUMENT: LazyLock<ServedDocument> = LazyLock::new(|| ServedDocument::new(openapi_json()));

/// The service of the public listener. It takes webhooks unless they have a listener of their own.
pub fn public(app: App) -> ApiService {
    let board = if app.board { board::routes() } else { Router::new() };
    let pages = board.merge(swagger::routes());
    let routes = if app.webhooks.has_own_listener() { routes::callers() } else { routes::public() };
    let state = ApiState::new(app, &DOCUMENT);
    ApiService::with_reads_at_hand(state.clone(), layers::around(routes.merge(pages.into()), state))
}

/// The service of the listener of webhooks: the providers' route, `/healthz` and `/readyz`. No page may read it.
pub fn webhooks(app: App) -> ApiService {
    let state = ApiState::new(App { cors_origins: Arc::default(), ..app }, &DOCUMENT);
    ApiService::new(state.clone(), layers::around(routes::webhooks().merge(routes::probes()), state))
}

/// The service of the admin listener: `/healthz`, `/readyz` and `/metrics`. No page of another origin may read it.
pub fn admin(app: App, metrics: PrometheusHandle) -> ApiService {
    let state = ApiState::new(App { cors_origins: Arc::default(), ..app }, &DOCUMENT);
    let providers = state.app.providers.clone();
    let exposition = get(move || ready(system::exposition(&metrics, &providers)));
    ApiService::new(state.clone(), layers::around(routes::probes().route("/metrics", exposition), state))
}
