//! The Cloudflare RealtimeKit API (`docs/upstream/realtimekit.md`).

mod answers;
mod api;
mod meetings;
mod moderation;
mod paging;
mod recordings;
mod sessions;
mod streams;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

pub(crate) use api::RealtimeKitApi;

use crate::options::RealtimeKitOptions;
use crate::state::{Room, Service, Session, World};

/// The path below the host (`docs/upstream/realtimekit.md` §1).
pub(crate) const BASE_PATH: &str = "/client/v4";

struct RealtimeKit {
    world: World,
    options: RealtimeKitOptions,
}

type Shared = axum::extract::State<Arc<RealtimeKit>>;
type App = axum::extract::Path<(String, String)>;
/// Account, app and one id.
type AppAnd1 = axum::extract::Path<(String, String, String)>;
/// Account, app and two ids.
type AppAnd2 = axum::extract::Path<(String, String, String, String)>;

/// Everything under `/client/v4`; any other path or method is v4 7003 (`docs/upstream/realtimekit.md` §5).
pub(crate) fn routes(world: World, options: RealtimeKitOptions) -> Router {
    let app = Router::new()
        .route("/sessions", get(sessions::list))
        .route("/sessions/{session}", get(sessions::details))
        .route("/sessions/{session}/participants", get(sessions::participants))
        .route("/sessions/{session}/participants/{participant}", get(sessions::participant))
        .route("/meetings", get(meetings::list).post(meetings::create))
        .route("/meetings/{meeting}", get(meetings::one))
        .route("/meetings/{meeting}/participants", get(meetings::participants).post(meetings::add_participant))
        .route("/meetings/{meeting}/active-session", get(sessions::active))
        .route("/meetings/{meeting}/active-session/kick", post(moderation::kick))
        .route("/meetings/{meeting}/active-session/kick-all", post(moderation::kick_all))
        .route("/meetings/{meeting}/active-session/poll", post(moderation::poll))
        .route("/meetings/{meeting}/active-livestream", get(streams::active))
        .route("/livestreams", get(streams::list))
        .route("/recordings", get(recordings::list))
        .route("/recordings/active-recording/{meeting}", get(recordings::active));
    Router::new()
        .nest("/client/v4/accounts/{account}/realtime/kit/{app}", app)
        .route("/client/v4/accounts/{account}/realtime/kit/apps", get(meetings::apps))
        .fallback(answers::no_route)
        .method_not_allowed_fallback(answers::no_route)
        .with_state(Arc::new(RealtimeKit { world, options }))
}

impl RealtimeKit {
    fn meeting(&self, id: &str) -> Result<Room, Box<Response>> {
        self.check_id(id)?;
        let room = self.world.room(id).filter(|r| r.service == Service::RealtimeKit);
        room.ok_or_else(|| answers::absent(&format!("No meeting found with id {id}")).into())
    }

    fn active_session(&self, meeting: &str) -> Result<Session, Box<Response>> {
        self.check_id(meeting)?;
        let session = self.world.live_session(meeting).filter(|s| s.service == Service::RealtimeKit);
        session.ok_or_else(|| answers::no_active("session", meeting).into())
    }

    fn session(&self, id: &str) -> Result<Session, Box<Response>> {
        self.check_id(id)?;
        let session = self.world.session(id).filter(|s| s.service == Service::RealtimeKit);
        session.ok_or_else(|| answers::absent(&format!("No session found with id {id}")).into())
    }

    fn check_id(&self, id: &str) -> Result<(), Box<Response>> {
        if self.options.validate_ids && uuid::Uuid::try_parse(id).is_err() {
            return Err(answers::bad_request("\"id\" must be a valid GUID").into());
        }
        Ok(())
    }
}

/// The answer, whether it came by the straight way or not.
fn either(answer: Result<Response, Box<Response>>) -> Response {
    answer.unwrap_or_else(|refusal| *refusal)
}
