//! Live sessions.

use session_provider::{Result, RoomId, Session, SessionList, SessionStatus, Timestamp};
use upstream_http::Response;

use crate::map::answer::{body, page, read};
use crate::pages::{Page, Walked};
use crate::wire::LiveRow;

/// One page of `GET /boards/live`.
///
/// # Errors
/// `ProviderBadResponse` for what is no such page.
pub(crate) fn live_boards_page(response: &Response, now: Timestamp) -> Result<Page<Session>> {
    if response.status() == 404 {
        return Err(response.bad("The provider's list of live boards is not there; check the provider's base_url."));
    }
    let body = body(response)?;
    let envelope = read(response, &body)?;
    page(response, &envelope, envelope.boards, |row| {
        let row = LiveRow::read(row, now)?;
        let board = row.board.clone()?;
        Some((board.as_str().to_owned(), session(board, row)))
    })
}

/// All pages together. The last one says that it is, so what is not in it was not live.
pub(crate) fn live_boards(walked: Walked<Session>) -> SessionList {
    SessionList { sessions: walked.values, dropped: walked.dropped, settled: true }
}

/// `GET /boards/{board}/live`.
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` for another board, or what cannot be read.
pub(crate) fn live_board(response: &Response, board: &RoomId, now: Timestamp) -> Result<Session> {
    let body = body(response)?;
    let row = read(response, &body)?.live.and_then(|row| LiveRow::read(row, now));
    match row {
        Some(row) if row.board.as_ref() == Some(board) => Ok(session(board.clone(), row)),
        Some(row) if row.board.is_some() => Err(response.bad("The provider answered with another board.")),
        _ => Err(response.bad("The provider's answer holds no board that can be read.")),
    }
}

fn session(board: RoomId, row: LiveRow) -> Session {
    Session {
        session_id: row.session,
        title: row.name,
        started_at: row.opened_at,
        participant_count: row.editors,
        ..Session::of_room(board, SessionStatus::Live)
    }
}
