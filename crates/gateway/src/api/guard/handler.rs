//! The functions that answer behind a guard.

use crate::api::answer::RouteAnswer;
use crate::api::state::Api;
use crate::problem::Problem;

/// An async function of the gateway, of whoever the guard let in, and of what it takes from the request: `P`.
pub(crate) trait GuardedHandler<G, P>: Clone + Send + Sync + 'static {
    /// The 2xx (or 304).
    type Answer: RouteAnswer;

    fn handle(self, api: Api, who: G, params: P) -> impl Future<Output = Result<Self::Answer, Box<Problem>>> + Send;
}

macro_rules! for_functions_of {
    ($($param:ident),*) => {
        impl<F, Fut, A, G, $($param),*> GuardedHandler<G, ($($param,)*)> for F
        where
            F: Fn(Api, G, $($param),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = Result<A, Box<Problem>>> + Send,
            A: RouteAnswer,
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
