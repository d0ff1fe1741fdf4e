//! What a listener does with every request, in order.

use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::MatchedPath;
use axum::response::Response;
use caller_auth::{Caller, LastCaller};
use http::request::Parts;
use http::{Method, Request, StatusCode};
use hyper::body::Body as HttpBody;
use tower::Service;
use tracing::Instrument;

use crate::api::asked::Asked;
use crate::api::at_hand::{self, AtHand, Tried, Waits};
use crate::api::observe::{self, Observer, UNMATCHED};
use crate::api::render_problems::{after_panic, render_problem};
use crate::api::state::Api;
use crate::api::{compress, left_out, security_headers};
use crate::long_answer::LongAnswer;
use crate::server::HttpService;

/// The service of a listener, or of one connection. Cheap to clone; clones are the same service.
#[derive(Debug, Clone)]
pub struct ApiService(Arc<OfConnection>);

#[derive(Debug)]
struct OfConnection {
    shared: Arc<Inner>,
    last_caller: LastCaller,
}

#[derive(Debug)]
struct Inner {
    api: Api,
    /// Whether this listener answers reads.
    has_reads: bool,
    routes: Router,
    observer: Observer,
}

/// An answer, now or later.
pub enum Answering {
    /// All it takes was in memory.
    Now(Option<Response>),
    Later(Pin<Box<dyn Future<Output = Response> + Send>>),
}

impl ApiService {
    /// In front of these routes, whose layers are those of requests that may have to wait.
    pub(crate) fn new(api: Api, routes: Router) -> Self {
        Self::build(api, routes, false)
    }

    /// The same, which answers reads at once where everything for it is in memory.
    pub(crate) fn with_reads_at_hand(api: Api, routes: Router) -> Self {
        Self::build(api, routes, true)
    }

    fn build(api: Api, routes: Router, has_reads: bool) -> Self {
        let observer = Observer::new(api.app.access_log.clone());
        Self::of(Arc::new(Inner { api, has_reads, routes, observer }))
    }

    fn of(shared: Arc<Inner>) -> Self {
        Self(Arc::new(OfConnection { shared, last_caller: LastCaller::default() }))
    }

    /// Answers a request.
    pub fn answer<B>(&self, request: Request<B>) -> Answering
    where
        B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        let OfConnection { shared, last_caller } = &*self.0;
        let (mut parts, body) = request.into_parts();
        let mut asked = Asked::of(&parts, &shared.api.app.spans, shared.api.app.clock);
        let tried =
            if shared.has_reads { shared.answer_read(last_caller, &asked, &mut parts) } else { Tried::HandedOn };
        let waits = match tried {
            Tried::Answered(answer) => return Answering::Now(Some(shared.finish_at_once(&mut asked, answer))),
            Tried::Waits(waits) => Some(waits),
            Tried::HandedOn => None,
        };
        let this = Arc::clone(shared);
        if let Some(Waits { route, answer }) = waits {
            return Answering::Later(Box::pin(async move {
                let span = observe::span(&asked, route);
                let AtHand { caller, response, .. } = answer.instrument(span.clone()).await;
                span.in_scope(|| this.finish(&mut asked, route.into(), caller, response))
            }));
        }
        parts.extensions.insert(asked.context.clone());
        let request = Request::from_parts(parts, Body::new(body));
        Answering::Later(Box::pin(async move {
            let span = observe::span(&asked, UNMATCHED);
            let Ok(mut response) = this.routes.clone().call(request).instrument(span.clone()).await;
            let route = response.extensions().get::<MatchedPath>();
            let route = route.map_or(UNMATCHED.into(), |route| route.as_str().to_owned().into());
            let caller = response.extensions_mut().remove::<Caller>();
            span.in_scope(|| this.finish(&mut asked, route, caller, response))
        }))
    }
}

impl Inner {
    fn answer_read(&self, last_caller: &LastCaller, asked: &Asked, parts: &mut Parts) -> Tried {
        let answer = || at_hand::answer(&self.api, last_caller, parts, &asked.context);
        // Of what is done behind the routes, their layers catch the panics.
        catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|panic| {
            Tried::Answered(AtHand { route: UNMATCHED, caller: None, response: after_panic(panic) })
        })
    }

    fn finish_at_once(&self, asked: &mut Asked, AtHand { route, caller, response }: AtHand) -> Response {
        self.finish(asked, route.into(), caller, response)
    }

    /// What every answer gets, however it came about.
    fn finish(
        &self,
        asked: &mut Asked,
        route: Cow<'static, str>,
        caller: Option<Caller>,
        mut response: Response,
    ) -> Response {
        let is_head = asked.method == Method::HEAD;
        if is_head {
            // Or it is not compressed where the answer to GET is.
            left_out::leave_body_out(&mut response);
        }
        let mut response = compress::compress(&asked.accepted, response);
        if is_head {
            left_out::leave_body_out(&mut response);
        }
        // Whatever made it may have failed with a `Problem`, or with the bare error of a library; both are written here.
        let (mut response, code) = render_problem(response, asked);
        let headers = response.headers_mut();
        security_headers::insert(headers, asked.uri.path());
        asked.context.say_id(headers);
        let takes_as_long_as_it_likes = response.extensions().get::<LongAnswer>().is_some();
        if response.status() == StatusCode::NOT_MODIFIED {
            // After all that may set a length.
            left_out::leave_length_out(&mut response);
        }
        self.observer.answered(asked, route, caller.as_ref(), response.status(), code, !takes_as_long_as_it_likes);
        response
    }
}

impl<B> Service<Request<B>> for ApiService
where
    B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        self.answer(request)
    }
}

impl HttpService for ApiService {
    fn of_connection(&self) -> Self {
        Self::of(Arc::clone(&self.0.shared))
    }
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Now(response) => match response.take() {
                Some(response) => Poll::Ready(Ok(response)),
                // Taken already: nobody polls a future after its end.
                None => Poll::Pending,
            },
            Self::Later(response) => Poll::Ready(Ok(ready!(response.as_mut().poll(cx)))),
        }
    }
}
