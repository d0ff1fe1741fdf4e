//! What is sent.

use session_provider::{Operation, RoomId};
use upstream_http::{Request, Segment};

const BOARDS: Segment = Segment::literal("boards");
const CLOSE: Segment = Segment::literal("close");
const EDITORS: Segment = Segment::literal("editors");
const LIVE: Segment = Segment::literal("live");

/// One page of `GET /boards/live`.
pub(crate) fn live_boards(after: Option<&str>) -> Request {
    paged(Request::get(Operation::ListLiveSessions, vec![BOARDS, LIVE]), after)
}

/// `GET /boards/{board}/live`.
pub(crate) fn live_board(board: &RoomId) -> Request {
    Request::get(Operation::GetLiveSession, vec![BOARDS, board.into(), LIVE])
}

/// One page of `GET /boards/{board}/editors`.
pub(crate) fn editors(board: &RoomId, after: Option<&str>) -> Request {
    paged(Request::get(Operation::ListLiveParticipants, vec![BOARDS, board.into(), EDITORS]), after)
}

/// `POST /boards/{board}/close`.
pub(crate) fn close(board: &RoomId) -> Request {
    Request::post(Operation::KickAllParticipants, vec![BOARDS, board.into(), CLOSE])
}

fn paged(request: Request, after: Option<&str>) -> Request {
    match after {
        Some(after) => request.query("after", after),
        None => request,
    }
}
