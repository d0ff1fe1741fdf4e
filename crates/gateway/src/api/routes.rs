//! Every route, and who may call it. A route that is here is documented; one that is not does not exist, but for the pages
//! for people: the board and the documentation.

use utoipa_axum::router::OpenApiRouter;

use crate::api::guard::{Listener, Moderator, Reader};
use crate::api::route_group::{Open, RouteGroup, described};
use crate::api::state::Api;

/// The routes of the public listener, those of the document.
pub(crate) fn public() -> OpenApiRouter<Api> {
    callers().merge(webhooks())
}

/// The routes of callers.
pub(crate) fn callers() -> OpenApiRouter<Api> {
    let readers = RouteGroup::<Reader>::new()
        .guarded(described!(providers::list_providers))
        .guarded(described!(live_sessions::list_live_sessions))
        .guarded(described!(live_session::get_live_session))
        .guarded(described!(participants::list_live_participants))
        .guarded(described!(session_history::list_sessions))
        .guarded(described!(sessions::get_session))
        .guarded(described!(participants::list_session_participants));
    let listeners = RouteGroup::<Listener>::new()
        .guarded(described!(events::stream_events))
        .guarded(described!(events::stream_room_events));
    let moderators = RouteGroup::<Moderator>::new()
        .guarded(described!(moderation::kick_participants))
        .guarded(described!(moderation::kick_all_participants))
        .guarded(described!(moderation::create_poll));
    let open = RouteGroup::<Open>::new()
        .kept(described!(system::get_openapi))
        .kept(described!(problem_types::get_problem_type));
    let guarded = readers.into_router().merge(listeners.into_router());
    guarded.merge(moderators.into_router()).merge(probes()).merge(open.into_router())
}

/// The routes of the providers.
pub(crate) fn webhooks() -> OpenApiRouter<Api> {
    RouteGroup::<Open>::new().open(described!(webhooks::receive_webhook)).into_router()
}

/// The routes that every listener has.
pub(crate) fn probes() -> OpenApiRouter<Api> {
    RouteGroup::<Open>::new().open(described!(system::get_health)).open(described!(system::get_readiness)).into_router()
}
