//! RealtimeKit's live endpoints (`docs/upstream/realtimekit.md` §3).

use std::collections::HashMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use crate::upstream::bodies::{paged, realtimekit_page, realtimekit_session};
use crate::upstream::{Shown, json};

/// The bodies of pages, each made once.
#[derive(Debug, Default)]
struct Pages {
    made: Mutex<HashMap<(Shown, usize, usize, usize), Bytes>>,
    turns: AtomicUsize,
}

#[derive(Debug, Deserialize)]
struct Paging {
    page_no: usize,
    per_page: usize,
}

const APP: &str = "/{sessions}/client/v4/accounts/{account}/realtime/kit/{app}";

pub(super) fn router() -> Router {
    Router::new()
        .route(&format!("{APP}/sessions"), get(page))
        .route(&format!("{APP}/meetings/{{room}}/active-session"), get(room))
        .route(&format!("{APP}/sessions/{{session}}/participants"), get(participants))
        .with_state(Arc::<Pages>::default())
}

type OfApp = (Shown, String, String);

async fn page(
    State(pages): State<Arc<Pages>>,
    Path((shown, ..)): Path<OfApp>,
    Query(Paging { page_no, per_page }): Query<Paging>,
) -> Response {
    let turn = shown.turn(&pages.turns);
    let mut made = pages.made.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || realtimekit_page(shown.sessions, page_no, per_page, shown.changes(turn)).into();
    json(made.entry((shown, turn, page_no, per_page)).or_insert_with(make).clone())
}

async fn room(Path((_, _, _, room)): Path<(Shown, String, String, String)>) -> Response {
    json(format!("{{\"success\":true,\"data\":{}}}", realtimekit_session(1, &room, 0)))
}

async fn participants(
    Path((Shown { sessions, .. }, ..)): Path<(Shown, String, String, String)>,
    Query(Paging { page_no, per_page }): Query<Paging>,
) -> Response {
    json(paged(sessions, page_no, per_page, "participants", |n| {
        let second = n % 60;
        format!(
            "{{\"id\":\"005f4e0c-4d08-4d4e-a391-{n:012}\",\"user_id\":\"0a08343d-a9dc-45f0-9feb-{n:012}\",\
             \"custom_participant_id\":\"user-{n}\",\"display_name\":\"Mark {n}\",\
             \"preset_name\":\"group_call_participant\",\"joined_at\":\"2026-03-14T10:01:{second:02}.030Z\",\
             \"duration\":5.8097,\"created_at\":\"2026-03-14T10:01:08.039Z\",\"updated_at\":\"2026-03-14T10:06:56.618Z\"}}"
        )
    }))
}
