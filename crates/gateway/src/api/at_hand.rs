//! Reads whose answer is at hand: answered at once, without a future that is kept.
//!
//! The steps are those of every read, and done by the same code: the head, the caller, the caller's limits, the scope, the
//! parameters, the handler. As soon as one of them would have to wait, or finds something out of the ordinary, the request
//! goes to the routes as it came, with what is already known of its caller.

use std::future::Future;

use axum::response::{IntoResponse, Response};
use caller_auth::Caller;
use futures_util::FutureExt;
use http::request::Parts;
use http::{Method, header};
use session_provider::Intent;

use crate::api::answer::CachedAnswer;
use crate::api::asked::lines;
use crate::api::cors;
use crate::api::guard::{Admission, Reader};
use crate::api::live_session::{LiveSessionParams, get_live_session};
use crate::api::live_sessions::{LiveSessionsParams, list_live_sessions};
use crate::api::params::read_query;
use crate::api::participants::{list_live_participants, list_session_participants};
use crate::api::read_route::ReadRoute;
use crate::api::request_context::RequestContext;
use crate::api::request_size::refuse_head;
use crate::api::sessions::get_session;
use crate::api::state::Api;
use crate::problem::Problem;

/// An answer that took no waiting.
#[derive(Debug)]
pub(crate) struct AtHand {
    /// The template of the route.
    pub(crate) route: &'static str,
    /// Whom it answers, if they are known.
    pub(crate) caller: Option<Caller>,
    pub(crate) response: Response,
}

/// The answer to a read, if it is at hand.
pub(crate) fn answer(api: &Api, parts: &mut Parts, context: &RequestContext) -> Option<AtHand> {
    if parts.method != Method::GET {
        return None;
    }
    let route = ReadRoute::of(parts.uri.path())?;
    let template = route.template();
    let is_refused = refuse_head(parts.version, &parts.uri, &parts.headers).is_some();
    if is_refused || api.app.draining.is_on() {
        return None;
    }
    let caller = api.app.authenticator.recognize(&parts.headers)?;
    let page = api.cors.as_ref().map(|cors| (cors, lines(&parts.headers, &[header::ORIGIN])));
    let (caller, response) = match Admission::of(caller, Intent::Read, &api.app) {
        Err(refusal) => *refusal,
        Ok(admission) => match read(route, api, &admission, parts, context) {
            Some(response) => admission.finish(response),
            None => {
                admission.hand_on(&mut parts.extensions);
                return None;
            }
        },
    };
    let response = match page {
        Some((cors, origin)) => cors::add(cors, origin, response),
        None => response,
    };
    Some(AtHand { route: template, caller: Some(caller), response })
}

fn read(
    route: ReadRoute,
    api: &Api,
    admission: &Admission,
    parts: &mut Parts,
    context: &RequestContext,
) -> Option<Response> {
    let mut reader: Reader = admission.who(context.clone(), parts).ok()?;
    reader.call.at_hand = true;
    let (api, query) = (api.clone(), parts.uri.query().unwrap_or_default());
    match route {
        ReadRoute::LiveSessions => {
            // What is bought by further calls is not looked for before all of it is asked for.
            let params = read_query::<LiveSessionsParams>(query).ok().filter(|params| params.include.is_empty())?;
            answered(list_live_sessions(api, reader, params), parts)
        }
        ReadRoute::LiveSession(path) => {
            let params = read_query::<LiveSessionParams>(query).ok().filter(|params| params.include.is_empty())?;
            answered(get_live_session(api, reader, path, params), parts)
        }
        ReadRoute::LiveParticipants(path) => {
            answered(list_live_participants(api, reader, path, read_query(query).ok()?), parts)
        }
        ReadRoute::Session(path) => answered(get_session(api, reader, path, read_query(query).ok()?), parts),
        ReadRoute::SessionParticipants(path) => {
            answered(list_session_participants(api, reader, path, read_query(query).ok()?), parts)
        }
    }
}

/// What the handler says at once. The headers of the request give their memory to those of the answer.
fn answered(handling: impl Future<Output = Result<CachedAnswer, Box<Problem>>>, parts: &mut Parts) -> Option<Response> {
    match handling.now_or_never()? {
        Ok(answer) => {
            let mut headers = std::mem::take(&mut parts.headers);
            headers.clear();
            Some(answer.respond_in(headers))
        }
        Err(problem) => Some(problem.into_response()),
    }
}
