//! The Huddle01 server API (`docs/upstream/huddle01.md`).

mod answers;
mod api;
mod history;
mod live;
mod paging;
mod rooms;
#[cfg(test)]
mod tests;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use api::Huddle01Api;

use crate::options::Huddle01Options;
use crate::state::World;

/// The path below the host (`docs/upstream/huddle01.md` §1).
pub(crate) const BASE_PATH: &str = "/api/v2/sdk";

struct Huddle01 {
    world: World,
    options: Huddle01Options,
}

type Shared = axum::extract::State<Arc<Huddle01>>;

/// Everything under `/api/v2/sdk`; any other path or method is the framework's plain-text 404
/// (`docs/upstream/huddle01.md` §5).
pub(crate) fn routes(world: World, options: Huddle01Options) -> Router {
    let sdk = Router::new()
        .route("/live-sessions", get(live::list))
        .route("/live-sessions/{room_id}", get(live::one))
        .route("/live-sessions/participants/{room_id}", get(live::participants))
        .route("/rooms/session-details", get(history::sessions))
        .route("/rooms/participant-list", get(history::participants))
        .route("/rooms/participant-lists", get(history::participants))
        .route("/recordings", get(history::recordings))
        .route("/metrics", get(history::metrics))
        .route("/rooms/room-details/{room_id}", get(rooms::details))
        .route("/rooms/get-rooms", get(rooms::list))
        .route("/rooms/create-room", post(rooms::create))
        .route("/rooms/metadata", get(rooms::metadata_by_query).post(rooms::set_metadata_by_query))
        .route("/rooms/metadata/{room_id}", get(rooms::metadata).post(rooms::set_metadata))
        .route("/rooms/get-metadata/{room_id}", get(rooms::metadata))
        .route("/validate-room", get(rooms::validate))
        .route("/get-whitelisted-domains", get(rooms::whitelisted_domains))
        .route("/create-peer-token", post(tokens::create_peer_token));
    Router::new()
        .nest(BASE_PATH, sdk)
        .route(BASE_PATH, get(rooms::root))
        .route("/api/v2/sdk/", get(rooms::root))
        .fallback(answers::no_route)
        .method_not_allowed_fallback(answers::no_route)
        .with_state(Arc::new(Huddle01 { world, options }))
}
