//! Every route, and who may call it. A route that is here is documented; one that is not does not exist.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::access::ForCallers;
use crate::api::state::ApiState;
use crate::api::{live_session, live_sessions, moderation, participants, providers, sessions, swagger, system};
use caller_auth::Scope;

/// The routes of the public listener.
pub(crate) fn public() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(providers::list_providers).for_callers_with(Scope::Read))
        .routes(routes!(live_sessions::list_live_sessions).for_callers_with(Scope::Read))
        .routes(routes!(live_session::get_live_session).for_callers_with(Scope::Read))
        .routes(routes!(participants::list_live_participants).for_callers_with(Scope::Read))
        .routes(routes!(moderation::kick_participants).for_callers_with(Scope::Moderate))
        .routes(routes!(moderation::kick_all_participants).for_callers_with(Scope::Moderate))
        .routes(routes!(moderation::create_poll).for_callers_with(Scope::Moderate))
        .routes(routes!(sessions::get_session).for_callers_with(Scope::Read))
        .routes(routes!(participants::list_session_participants).for_callers_with(Scope::Read))
        .merge(probes())
        .routes(routes!(system::get_openapi))
        .routes(routes!(swagger::get_docs))
        .routes(routes!(swagger::get_docs_asset))
}

/// The routes that every listener has.
pub(crate) fn probes() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new().routes(routes!(system::get_health)).routes(routes!(system::get_readiness))
}
