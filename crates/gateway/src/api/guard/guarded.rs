//! A handler behind its guard, in the form that axum routes to.

use std::marker::PhantomData;
use std::pin::Pin;

use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::response::Response;

use crate::api::answer::Answer;
use crate::api::guard::Guard;
use crate::api::guard::admit::serve;
use crate::api::state::Api;
use crate::problem::Problem;

/// An async function of the gateway, of whoever the guard let in, and of what it takes from the request: `P`.
pub(crate) trait GuardedHandler<G, P>: Clone + Send + Sync + 'static {
    /// The 2xx (or 304).
    type Answer: Answer;

    /// Answers the request.
    fn handle(self, api: Api, who: G, params: P) -> impl Future<Output = Result<Self::Answer, Box<Problem>>> + Send;
}

macro_rules! for_functions_of {
    ($($param:ident),*) => {
        impl<F, Fut, A, G, $($param),*> GuardedHandler<G, ($($param,)*)> for F
        where
            F: Fn(Api, G, $($param),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<A, Box<Problem>>> + Send,
            A: Answer,
        {
            type Answer = A;

            #[expect(non_snake_case, reason = "each parameter is called as its type")]
            fn handle(self, api: Api, who: G, params: ($($param,)*)) -> impl Future<Output = Result<A, Box<Problem>>> + Send {
                let ($($param,)*) = params;
                self(api, who, $($param),*)
            }
        }
    };
}

for_functions_of!(P1);
for_functions_of!(P1, P2);
for_functions_of!(P1, P2, P3);

/// See [`GuardedHandler`]; `P` is a tuple of extractors, run in their order after the caller was let in, `M` axum's word for
/// whether the last takes the body.
pub(crate) struct Guarded<H, G, P, M> {
    handler: H,
    takes: PhantomData<fn(G, P, M)>,
}

impl<H, G, P, M> Guarded<H, G, P, M> {
    pub(crate) fn new(handler: H) -> Self {
        Self { handler, takes: PhantomData }
    }
}

impl<H: Clone, G, P, M> Clone for Guarded<H, G, P, M> {
    fn clone(&self) -> Self {
        Self::new(self.handler.clone())
    }
}

impl<H, G, P, M> Handler<(), Api> for Guarded<H, G, P, M>
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
