//! The HTTP surface: one file per resource, one place for the routes, one for the order of layers.

mod access;
mod body;
mod conditional;
mod document;
mod identify;
mod layers;
mod live_session;
mod live_sessions;
mod moderation;
mod mutation_call;
mod observe;
mod participants;
mod path;
mod providers;
mod query;
mod read_call;
mod reply;
mod request_size;
mod routes;
mod security_headers;
mod sessions;
mod state;
mod swagger;
mod system;
mod timeout;

#[cfg(test)]
mod tests;

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::app::App;

pub use document::openapi_json;

/// The public listener's service, all layers included.
pub fn router(app: App) -> Router {
    let state = state::ApiState::new(app);
    layers::around(routes::public(), state)
}

/// The admin listener's service, all layers included: `/healthz`, `/readyz` and `/metrics`. No page of another origin
/// may read it.
pub fn admin(app: App, metrics: PrometheusHandle) -> Router {
    let state = state::ApiState::new(App { cors_origins: Arc::default(), ..app });
    let providers = state.app.providers.clone();
    let exposition = get(move || ready(system::exposition(&metrics, &providers)));
    layers::around(routes::probes().route("/metrics", exposition), state)
}
