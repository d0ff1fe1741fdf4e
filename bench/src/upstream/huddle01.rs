//! Huddle01's live endpoints (`docs/upstream/huddle01.md` §3).

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use crate::upstream::bodies::huddle01_list;
use crate::upstream::json;

/// The bodies of lists, by their number of sessions.
type Lists = Arc<Mutex<HashMap<usize, Bytes>>>;

pub(super) fn router() -> Router {
    Router::new()
        .route("/{sessions}/api/v2/sdk/live-sessions", get(list))
        .route("/{sessions}/api/v2/sdk/live-sessions/{room}", get(room))
        .route("/{sessions}/api/v2/sdk/live-sessions/participants/{room}", get(participants))
        .with_state(Lists::default())
}

async fn list(State(lists): State<Lists>, Path(sessions): Path<usize>) -> Response {
    let mut lists = lists.lock().unwrap_or_else(PoisonError::into_inner);
    json(lists.entry(sessions).or_insert_with(|| huddle01_list(sessions).into()).clone())
}

async fn room(Path((_, room)): Path<(usize, String)>) -> Response {
    json(format!(
        "{{\"liveSessions\":[{{\"roomId\":\"{room}\",\"startTime\":1773479547555,\"currentPeerCount\":12,\
         \"livestreamCount\":0,\"recordingCount\":1}}]}}"
    ))
}

async fn participants(Path((sessions, _)): Path<(usize, String)>) -> Response {
    let mut body = format!("{{\"participants\":[");
    for n in 0..sessions {
        let comma = if n == 0 { "" } else { "," };
        let joined = 1_773_482_400_147 + n as u64 * 1_013;
        let _ = write!(
            body,
            "{comma}{{\"peerId\":\"peerId-{n:05}\",\"joinTime\":{joined},\
             \"metadata\":{{\"displayName\":\"Ada {n}\",\"avatarUrl\":\"https://example.com/{n}.png\"}}}}"
        );
    }
    json(format!("{body}],\"count\":{sessions}}}"))
}
