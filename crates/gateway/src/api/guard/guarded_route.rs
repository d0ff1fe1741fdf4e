//! A handler behind its guard, in the form that axum routes to.

use std::marker::PhantomData;
use std::pin::Pin;

use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::response::Response;

use crate::api::guard::admit::serve;
use crate::api::guard::guard::Guard;
use crate::api::guard::handler::GuardedHandler;
use crate::api::state::Api;

/// See [`GuardedHandler`]; `P` is a tuple of extractors, run in their order after the caller was let in, `M` axum's word for
/// whether the last takes the body.
pub(crate) struct GuardedRoute<H, G, P, M> {
    handler: H,
    takes: PhantomData<fn(G, P, M)>,
}

impl<H, G, P, M> GuardedRoute<H, G, P, M> {
    pub(crate) fn new(handler: H) -> Self {
        Self { handler, takes: PhantomData }
    }
}

impl<H: Clone, G, P, M> Clone for GuardedRoute<H, G, P, M> {
    fn clone(&self) -> Self {
        Self::new(self.handler.clone())
    }
}

impl<H, G, P, M> Handler<(), Api> for GuardedRoute<H, G, P, M>
where
    H: GuardedHandler<G, P>,
    G: Guard,
    P: FromRequest<Api, M> + Send + 'static,
    M: 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, api: Api) -> Self::Future {
        Box::pin(serve(self.handler, request, api))
    }
}
