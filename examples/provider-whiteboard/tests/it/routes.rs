//! Whiteboard's API over that state, as `API.md` describes it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State as Extracted};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::state::{Editor, Live, State};

/// Rows on a page.
const PAGE: usize = 50;

type Shared = Extracted<Arc<Mutex<State>>>;

#[derive(Deserialize)]
struct Paged {
    after: Option<u64>,
}

pub(crate) fn routes(state: Arc<Mutex<State>>) -> Router {
    Router::new()
        .route("/v1/boards/live", get(live_boards))
        .route("/v1/boards/{board}/live", get(live_board))
        .route("/v1/boards/{board}/editors", get(editors))
        .route("/v1/boards/{board}/close", post(close))
        .with_state(state)
}

/// The rows behind the cursor, and the cursor of the next page.
fn page<T>(all: &BTreeMap<u64, T>, after: Option<u64>, row: impl Fn(&T) -> Value) -> (Vec<Value>, Option<String>) {
    let after = after.unwrap_or(0);
    let rows: Vec<_> = all.range(after + 1..).take(PAGE).collect();
    let last = rows.last().map_or(after, |(number, _)| **number);
    let next = all.range(last + 1..).next().map(|_| last.to_string());
    (rows.into_iter().map(|(_, value)| row(value)).collect(), next)
}

fn live_row(live: &Live) -> Value {
    let (board, session, editors) = (&live.board, &live.session, live.editors.len());
    json!({ "board": board, "session": session, "name": "Sprint", "openedAt": live.opened_at, "editors": editors })
}

fn editor_row(editor: &Editor) -> Value {
    json!({
        "editor": editor.editor, "connection": editor.connection, "name": editor.name,
        "customId": editor.custom_id, "joinedAt": editor.joined_at,
    })
}

fn refusal(state: &State, board: &str) -> Response {
    let is_known = state.boards.iter().any(|known| known == board);
    let code = if is_known { "board_not_live" } else { "board_not_found" };
    (StatusCode::NOT_FOUND, Json(json!({ "error": { "code": code } }))).into_response()
}

async fn live_boards(Extracted(state): Shared, Query(paged): Query<Paged>) -> Json<Value> {
    let (boards, next) = page(&state.lock().unwrap().live, paged.after, live_row);
    Json(json!({ "boards": boards, "next": next }))
}

async fn live_board(Extracted(state): Shared, Path(board): Path<String>) -> Response {
    let mut state = state.lock().unwrap();
    match state.live_of(&board) {
        Some(live) => Json(json!({ "live": live_row(live) })).into_response(),
        None => refusal(&state, &board),
    }
}

async fn editors(Extracted(state): Shared, Path(board): Path<String>, Query(paged): Query<Paged>) -> Response {
    let mut state = state.lock().unwrap();
    let Some(live) = state.live_of(&board) else { return refusal(&state, &board) };
    let (editors, next) = page(&live.editors, paged.after, editor_row);
    Json(json!({ "editors": editors, "total": live.editors.len(), "next": next })).into_response()
}

async fn close(Extracted(state): Shared, Path(board): Path<String>) -> Response {
    let mut state = state.lock().unwrap();
    match state.close(&board) {
        Some(removed) => Json(json!({ "closed": true, "removed": removed })).into_response(),
        None => refusal(&state, &board),
    }
}
