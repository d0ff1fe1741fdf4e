//! Reads, answered without the routes: at once where the answer is in memory, else by waiting for it in place.
//!
//! The steps are those of every read, and done by the same code: the head, the caller, the caller's limits, the scope, the
//! parameters, the handler. As soon as one of them finds something out of the ordinary, the request goes to the routes as it
//! came, with what is already known of its caller.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::response::{IntoResponse, Response};
use caller_auth::{Caller, LastCaller};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::request::Parts;
use http::{Method, header};
use session_provider::Intent;

use crate::api::asked::lines;
use crate::api::cors;
use crate::api::guard::{Admission, Reader};
use crate::api::read_request::ReadRequest;
use crate::api::read_route::ReadRoute;
use crate::api::render_problems::after_panic;
use crate::api::request_context::RequestContext;
use crate::api::request_size::refuse_head;
use crate::api::state::Api;
use crate::api::timeout::too_late;

/// What came of looking at a request before the routes do.
pub(crate) enum Tried {
    /// All that its answer takes was in memory.
    Answered(AtHand),
    /// A read that has to wait.
    Waits(Waits),
    /// Anything else: for the routes.
    HandedOn,
}

/// An answer that took no waiting.
#[derive(Debug)]
pub(crate) struct AtHand {
    /// The template of the route.
    pub(crate) route: &'static str,
    /// Whom it answers, if they are known.
    pub(crate) caller: Option<Caller>,
    pub(crate) response: Response,
}

/// An answer that is waited for.
pub(crate) struct Waits {
    /// The template of the route.
    pub(crate) route: &'static str,
    /// Ends in time, and does not panic.
    pub(crate) answer: BoxFuture<'static, AtHand>,
}

/// Answers a read, or finds out that another has to. `last_caller` is who sent the request before over its connection.
pub(crate) fn answer(api: &Api, last_caller: &LastCaller, parts: &mut Parts, context: &RequestContext) -> Tried {
    let is_read = parts.method == Method::GET;
    let Some(route) = is_read.then(|| ReadRoute::of(parts.uri.path())).flatten() else { return Tried::HandedOn };
    let template = route.template();
    let is_refused = refuse_head(parts.version, &parts.uri, &parts.headers).is_some();
    if is_refused || api.app.draining.is_on() {
        return Tried::HandedOn;
    }
    let recognized = api.app.authenticator.recognize(&parts.headers, last_caller, context.arrived_at());
    let Some(caller) = recognized else { return Tried::HandedOn };
    let page = api.cors.as_ref().map(|cors| (cors.clone(), lines(&parts.headers, &[header::ORIGIN])));
    let for_page = move |response| match page {
        Some((cors, origin)) => cors::add(&cors, origin, response),
        None => response,
    };
    let answered = |(caller, response)| AtHand { route: template, caller: Some(caller), response };
    let Some(admitted) = api.app.limits.admit_at_hand(&caller, Intent::Read) else { return Tried::HandedOn };
    let admission = match Admission::of(caller, admitted) {
        Ok(admission) => admission,
        Err(refusal) => {
            let (caller, response) = *refusal;
            return Tried::Answered(answered((caller, for_page(response))));
        }
    };
    let read = |route: ReadRoute, at_hand: bool| {
        let mut reader: Reader = admission.who(context.clone(), parts).ok()?;
        reader.call.at_hand = at_hand;
        Some((ReadRequest::of(route, parts.uri.query().unwrap_or_default())?, reader))
    };
    let Some((request, reader)) = read(route, true) else {
        admission.hand_on(&mut parts.extensions);
        return Tried::HandedOn;
    };
    // Polled where it is made: a future that has room for every way of answering is some kilobytes to move.
    match pin!(request.answer(api.clone(), reader)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(answer)) => {
            let (caller, response) = admission.finish(answer.into_response());
            Tried::Answered(answered((caller, for_page(response))))
        }
        Poll::Ready(Err(problem)) => {
            let (caller, response) = admission.finish(problem.into_response());
            Tried::Answered(answered((caller, for_page(response))))
        }
        Poll::Pending => {
            let again = ReadRoute::of(parts.uri.path()).and_then(|route| read(route, false));
            let Some((request, reader)) = again else { return Tried::HandedOn };
            let (api, allowed) = (api.clone(), api.app.time.last_resort(Intent::Read));
            let answer = async move {
                let answer = async move { admission.finish(request.answer(api, reader).await.into_response()) };
                let ended = AssertUnwindSafe(tokio::time::timeout(allowed, answer)).catch_unwind().await;
                let (caller, response) = match ended {
                    Ok(Ok((caller, response))) => (Some(caller), response),
                    Ok(Err(_)) => (None, too_late(Intent::Read)),
                    Err(panic) => (None, after_panic(panic)),
                };
                AtHand { route: template, caller, response: for_page(response) }
            };
            Tried::Waits(Waits { route: template, answer: Box::pin(answer) })
        }
    }
}
