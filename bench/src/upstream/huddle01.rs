//! Huddle01's live endpoints (`docs/upstream/huddle01.md` §3).

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use crate::upstream::bodies::huddle01_list;
use crate::upstream::{Shown, json};

/// The bodies of lists, each made once.
#[derive(Debug, Default)]
struct Lists {
    made: Mutex<HashMap<(Shown, usize), Bytes>>,
    turns: AtomicUsize,
}

pub(super) fn router() -> Router {
    Router::new()
        .route("/{sessions}/api/v2/sdk/live-sessions", get(list))
        .route("/{sessions}/api/v2/sdk/live-sessions/{room}", get(room))
        .route("/{sessions}/api/v2/sdk/live-sessions/participants/{room}", get(participants))
        .with_state(Arc::<Lists>::default())
}

async fn list(State(lists): State<Arc<Lists>>, Path(shown): Path<Shown>) -> Response {
    let turn = shown.turn(&lists.turns);
    let mut made = lists.made.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || huddle01_list(shown.sessions, shown.changes(turn)).into();
    json(made.entry((shown, turn)).or_insert_with(make).clone())
}

async fn room(Path((_, room)): Path<(Shown, String)>) -> Response {
    json(format!(
        "{{\"liveSessions\":[{{\"roomId\":\"{room}\",\"startTime\":1773479547555,\"currentPeerCount\":12,\
         \"livestreamCount\":0,\"recordingCount\":1}}]}}"
    ))
}

async fn participants(Path((Shown { sessions, .. }, _)): Path<(Shown, String)>) -> Response {
    let mut body = String::from("{\"participants\":[");
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
