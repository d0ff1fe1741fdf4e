//! What every request goes through: recorded, faulted, limited, let in, answered.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use crate::SimClock;
use crate::faults::{ConnectionControl, Script, inject};
use crate::log::{Credential, RecordedRequest, RequestLog, kept_headers};
use crate::server::limiter::{Limiter, Quota};

/// Larger request bodies are refused.
const MAX_REQUEST_BODY: usize = 1024 * 1024;

/// What differs between services.
pub(crate) trait Api: Send + Sync {
    fn credential(&self, headers: &HeaderMap) -> Credential;
    /// The refusal of a request that is not let in.
    fn refusal(&self, path: &str, credential: Credential) -> Option<Response>;
    /// The answer to one request too many.
    fn too_many(&self, quota: Quota) -> Response;
    /// Adds what every answer carries.
    fn decorate(&self, headers: &mut HeaderMap, quota: Quota);
}

/// The parts a request meets on its way.
pub(crate) struct Pipeline {
    pub(crate) clock: SimClock,
    pub(crate) script: Script,
    pub(crate) log: RequestLog,
    pub(crate) limiter: Limiter,
    pub(crate) api: Arc<dyn Api>,
}

/// The middleware around all routes, the fallback included.
pub(crate) async fn pass(State(pipeline): State<Arc<Pipeline>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_REQUEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = parts.uri.path().to_owned();
    let credential = pipeline.api.credential(&parts.headers);
    let sequence = pipeline.log.begin(RecordedRequest {
        sequence: 0,
        at_ms: pipeline.clock.now_ms(),
        method: parts.method.clone(),
        path: path.clone(),
        query: parts.uri.query().map(str::to_owned),
        headers: kept_headers(&parts.headers),
        credential,
        body: serde_json::from_slice(&body).ok(),
        status: None,
    });
    let fault = pipeline.script.pick(&parts.method, &path);
    let control = parts.extensions.get::<ConnectionControl>().cloned();
    let real = async {
        let quota = pipeline.limiter.count();
        let mut response = if quota.exceeded {
            pipeline.api.too_many(quota)
        } else if let Some(refusal) = pipeline.api.refusal(&path, credential) {
            refusal
        } else {
            next.run(Request::from_parts(parts, Body::from(body))).await
        };
        pipeline.api.decorate(response.headers_mut(), quota);
        response
    };
    let response = inject(fault, control, real).await;
    pipeline.log.finish(sequence, response.status());
    response
}
