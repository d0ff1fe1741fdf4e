//! What providers send.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use utoipa::ToSchema;

use crate::api::body;
use crate::api::guard::going_down;
use crate::api::params::ProviderPath;
use crate::api::problem_sets::ReceiveWebhookProblems;
use crate::api::request_context::RequestContext;
use crate::api::state::Api;
use crate::problem::{Code, Problem};
use crate::webhooks::{MAX_BODY_BYTES, Refused};

// The body for the document: bytes, since a client that reads and writes the JSON anew would break the signature.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, content_media_type = "application/json")]
struct SignedBody(#[expect(dead_code, reason = "it is described alone")] String);

/// Receive a webhook
///
/// For the providers themselves: the address to give them. What is taken is what the provider has signed, by the header
/// and the method that the service documents; no token helps. A webhook is a hint that something may have changed, never a
/// statement of what is so. Whatever is signed is answered 204, also when it comes again or says nothing of use here.
#[utoipa::path(
    post,
    path = "/v1/webhooks/{provider}",
    operation_id = "receive_webhook",
    tag = "webhooks",
    params(ProviderPath),
    request_body(
        content = inline(SignedBody),
        content_type = "application/octet-stream",
        description = "The very bytes that are signed: JSON, as the provider sends it, whatever its `Content-Type`, at most 256 KiB.",
        example = json!("{\"event\":\"meeting.started\"}"),
    ),
    responses(
        (status = 204, description = "It is taken."),
        ReceiveWebhookProblems,
    ),
    security(()),
)]
pub(crate) async fn receive_webhook(
    State(api): State<Api>,
    ProviderPath { provider }: ProviderPath,
    mut request: Request,
) -> Result<StatusCode, Response> {
    if api.app.draining.is_on() {
        return Err(going_down().into_response());
    }
    let receiver = api.app.webhooks.of(&provider).ok_or_else(|| {
        Problem::new(Code::ProviderNotFound, "No provider of this id takes webhooks here.").into_response()
    })?;
    let refuse = |refused: Refused| Box::<Problem>::from(refused).into_response();
    let signature = receiver.begin(request.headers()).map_err(refuse)?;
    let until = api.app.time.body_deadline(RequestContext::of(&mut request).arrival);
    let body = body::read(request.into_body(), MAX_BODY_BYTES, until).await.inspect_err(|_| receiver.unread())?;
    receiver.take(&signature, &body).await.map_err(refuse)?;
    Ok(StatusCode::NO_CONTENT)
}
