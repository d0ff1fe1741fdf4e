//! What is sent (`docs/upstream/realtimekit.md` §3).
//!
//! Lists that are read whole are asked for in the order in which rows come to be, so that a row that appears during a walk
//! shifts no page; the sessions of all times in the order in which callers read them, so that their first page costs one.

use session_provider::{
    KickTargets, NewPoll, Operation, Result, RoomId, SessionFilter, SessionId, Timestamp, WantedStatus,
};
use upstream_http::{Request, Segment};

use crate::map::media::{RUNNING_LIVESTREAM, RUNNING_RECORDING};
use crate::pages::PER_PAGE;
use crate::wire::{KickBody, PollBody};

const ACCOUNTS: Segment = Segment::literal("accounts");
const ACTIVE_SESSION: Segment = Segment::literal("active-session");
const KICK: Segment = Segment::literal("kick");
const KICK_ALL: Segment = Segment::literal("kick-all");
const KIT: Segment = Segment::literal("kit");
const LIVESTREAMS: Segment = Segment::literal("livestreams");
const MEETINGS: Segment = Segment::literal("meetings");
const PARTICIPANTS: Segment = Segment::literal("participants");
const POLL: Segment = Segment::literal("poll");
const REALTIME: Segment = Segment::literal("realtime");
const RECORDINGS: Segment = Segment::literal("recordings");
const SESSIONS: Segment = Segment::literal("sessions");

/// How much wider than asked for the service's time filter is set, in milliseconds: which of a session's times it is
/// about, and whether its ends belong to it, is not documented.
const FILTER_MARGIN_MS: i64 = 24 * 60 * 60 * 1000;

/// The requests of one app.
#[derive(Debug, Clone)]
pub(crate) struct Requests {
    account_id: Segment,
    app_id: Segment,
}

impl Requests {
    /// For one app of an account.
    pub(crate) fn new(account_id: Segment, app_id: Segment) -> Self {
        Self { account_id, app_id }
    }

    /// One page of `sessions?status=LIVE`.
    pub(crate) fn live_sessions(&self, page_no: u32) -> Request {
        let request = Request::get(Operation::ListLiveSessions, self.path(vec![SESSIONS]));
        paged(request.query("status", "LIVE").query("sort_by", "createdAt").query("sort_order", "ASC"), page_no)
    }

    /// One page of `sessions`, newest first.
    pub(crate) fn sessions(&self, filter: &SessionFilter, page_no: u32, per_page: u64) -> Request {
        sized(self.history(Operation::ListSessions, filter).query("sort_order", "DESC"), page_no, per_page)
    }

    /// One page of `sessions`, oldest first.
    pub(crate) fn room_sessions(&self, filter: &SessionFilter, page_no: u32) -> Request {
        paged(self.history(Operation::ListRoomSessions, filter).query("sort_order", "ASC"), page_no)
    }

    fn history(&self, operation: Operation, filter: &SessionFilter) -> Request {
        let mut request = Request::get(operation, self.path(vec![SESSIONS]));
        if let Some(status) = filter.status {
            let status = match status {
                WantedStatus::Live => "LIVE",
                WantedStatus::Ended => "ENDED",
            };
            request = request.query("status", status);
        }
        if let Some(room) = &filter.room {
            request = request.query("associated_id", room.as_str());
        }
        let moved = |moment: Timestamp, by| Timestamp::from_unix_ms(moment.unix_ms().saturating_add(by));
        if let Some(start) = filter.since.and_then(|since| moved(since, -FILTER_MARGIN_MS)) {
            request = request.query("start_time", start.to_string());
        }
        if let Some(end) = filter.until.and_then(|until| moved(until, FILTER_MARGIN_MS)) {
            request = request.query("end_time", end.to_string());
        }
        request.query("sort_by", "createdAt")
    }

    /// `meetings/{room}/active-session`, for whichever operation begins with it.
    pub(crate) fn active_session(&self, operation: Operation, room: &RoomId) -> Request {
        Request::get(operation, self.room(room, None))
    }

    /// One page of `sessions/{session}/participants`, one row for each connection.
    pub(crate) fn participants(&self, operation: Operation, session: &SessionId, page_no: u32) -> Request {
        let path = self.path(vec![SESSIONS, session.into(), PARTICIPANTS]);
        paged(Request::get(operation, path).query("sort_by", "joinedAt").query("sort_order", "ASC"), page_no)
    }

    pub(crate) fn session(&self, session: &SessionId, include_breakout_rooms: bool) -> Request {
        Request::get(Operation::GetSession, self.path(vec![SESSIONS, session.into()]))
            .query("include_breakout_rooms", include_breakout_rooms.to_string())
    }

    /// `active-session/kick`, with both arrays.
    ///
    /// # Errors
    /// `Internal` when the body cannot be JSON.
    pub(crate) fn kick(&self, room: &RoomId, targets: &KickTargets) -> Result<Request> {
        Request::post(Operation::KickParticipants, self.room(room, Some(KICK))).json(&KickBody {
            participant_ids: targets.participant_ids(),
            custom_participant_ids: targets.custom_participant_ids(),
        })
    }

    /// `active-session/kick-all`, without a body.
    pub(crate) fn kick_all(&self, room: &RoomId) -> Request {
        Request::post(Operation::KickAllParticipants, self.room(room, Some(KICK_ALL)))
    }

    /// `active-session/poll`.
    ///
    /// # Errors
    /// `Internal` when the body cannot be JSON.
    pub(crate) fn poll(&self, room: &RoomId, poll: &NewPoll) -> Result<Request> {
        Request::post(Operation::CreatePoll, self.room(room, Some(POLL))).json(&PollBody {
            question: &poll.question,
            options: &poll.options,
            anonymous: poll.anonymous,
            hide_votes: poll.hide_votes,
        })
    }

    /// One page of the recordings that are under way.
    pub(crate) fn recordings(&self, page_no: u32) -> Request {
        let request = Request::get(Operation::CountLiveMedia, self.path(vec![RECORDINGS]))
            .query("status", RUNNING_RECORDING.join(","))
            .query("sort_by", "invokedTime")
            .query("sort_order", "ASC");
        paged(request, page_no)
    }

    /// One page of the live streams that are on air.
    pub(crate) fn livestreams(&self, page_no: u32) -> Request {
        let request = Request::get(Operation::CountLiveMedia, self.path(vec![LIVESTREAMS]))
            .query("status", RUNNING_LIVESTREAM.join(","))
            .query("sort_order", "ASC");
        paged(request, page_no)
    }

    fn room(&self, room: &RoomId, action: Option<Segment>) -> Vec<Segment> {
        let mut path = vec![MEETINGS, room.into(), ACTIVE_SESSION];
        path.extend(action);
        self.path(path)
    }

    fn path(&self, rest: Vec<Segment>) -> Vec<Segment> {
        let app = [ACCOUNTS, self.account_id.clone(), REALTIME, KIT, self.app_id.clone()];
        app.into_iter().chain(rest).collect()
    }
}

fn paged(request: Request, page_no: u32) -> Request {
    sized(request, page_no, PER_PAGE)
}

fn sized(request: Request, page_no: u32, per_page: u64) -> Request {
    request.query("page_no", page_no.to_string()).query("per_page", per_page.to_string())
}
