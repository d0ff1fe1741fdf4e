//! Routes of one kind of callers: each is guarded here, once, and described in the document by all that take part in it.

use std::marker::PhantomData;

use axum::extract::FromRequest;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::Path;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::openapi::{RefOr, Schema};
use utoipa_axum::PathItemExt;
use utoipa_axum::router::OpenApiRouter;

use crate::api::answer::{KeptAnswer, RouteAnswer};
use crate::api::document::describe_outermost;
use crate::api::guard::{self, Guard, GuardedHandler, GuardedRoute};
use crate::api::state::Api;

/// Routes that `G` guards; see [`Open`] for those of everybody.
pub(crate) struct RouteGroup<G> {
    router: OpenApiRouter<Api>,
    guard: PhantomData<fn() -> G>,
}

/// The guard of routes that are for everybody.
pub(crate) struct Open;

/// A handler and what `#[utoipa::path]` says of it. Made by [`described!`].
///
/// [`described!`]: crate::api::route_group::described
pub(crate) struct Described<H> {
    path: String,
    methods: Vec<HttpMethod>,
    operation: Operation,
    schemas: Vec<(String, RefOr<Schema>)>,
    handler: H,
}

impl<H> Described<H> {
    /// `D` is what `#[utoipa::path]` makes beside the handler.
    pub(crate) fn by<D: Path + for<'t> Tags<'t> + SchemaReferences>(handler: H) -> Self {
        let mut operation = D::operation();
        operation.tags.get_or_insert_default().extend(D::tags().into_iter().map(ToOwned::to_owned));
        let mut schemas = Vec::new();
        <D as SchemaReferences>::schemas(&mut schemas);
        Self { path: D::path(), methods: D::methods(), operation, schemas, handler }
    }
}

/// A handler with its description, as `utoipa_axum::routes!` finds it.
macro_rules! described {
    ($module:ident :: $handler:ident) => {
        utoipa_axum::paste! {
            $crate::api::route_group::Described::by::<$crate::api::$module::[<__path_ $handler>]>(
                $crate::api::$module::$handler,
            )
        }
    };
}

pub(crate) use described;

impl<G> RouteGroup<G> {
    pub(crate) fn new() -> Self {
        Self { router: OpenApiRouter::new(), guard: PhantomData }
    }

    pub(crate) fn into_router(self) -> OpenApiRouter<Api> {
        self.router
    }

    fn add<H: Handler<T, Api>, T: 'static>(self, described: Described<H>) -> Self {
        let Described { path, methods, mut operation, schemas, handler } = described;
        describe_outermost(&mut operation);
        let router = methods
            .iter()
            .fold(MethodRouter::new(), |router, method| router.on(method.to_method_filter(), handler.clone()));
        let mut paths = Paths::new();
        paths.add_path_operation(path, methods, operation);
        Self { router: self.router.routes((schemas, paths, router)), guard: PhantomData }
    }
}

impl<G: Guard> RouteGroup<G> {
    /// One more route. Its handler takes what only the guard makes, so it cannot be called by anybody else.
    pub(crate) fn guarded<H, P, M>(self, described: Described<H>) -> Self
    where
        H: GuardedHandler<G, P>,
        P: FromRequest<Api, M> + Send + 'static,
        M: 'static,
    {
        let Described { path, methods, mut operation, schemas, handler } = described;
        H::Answer::describe(&mut operation);
        guard::describe(&mut operation);
        self.add(Described { path, methods, operation, schemas, handler: GuardedRoute::new(handler) })
    }
}

impl RouteGroup<Open> {
    /// One more route, for everybody.
    pub(crate) fn open<H: Handler<T, Api>, T: 'static>(self, described: Described<H>) -> Self {
        self.add(described)
    }

    /// One more route, for everybody, whose answer is a [`KeptAnswer`].
    pub(crate) fn kept<H: Handler<T, Api>, T: 'static>(self, mut described: Described<H>) -> Self {
        KeptAnswer::describe(&mut described.operation);
        self.add(described)
    }
}
