//! The expected reading of every successful answer of an operation in play.

use session_provider::{
    BreakoutRoom, ConnectionId, CustomParticipantId, ErrorKind, KickedParticipant, NewPoll, Operation, Participant,
    ParticipantId, Poll, PollOption, RawJson, RoomId, Session, SessionId, SessionStatus, SessionType, Timestamp,
};

use crate::RealtimeKitExtensions;
use crate::map::participant::Who;
use crate::map::{media, moderation, participant, session};
use crate::pages::{self, Page, Step};
use crate::refusal::Asked;
use crate::tests::fixtures::{answer, now};

const APP: &str = "14a396e7-ca44-4937-bf1f-050a69118543";
const SYNC: &str = "813432c7-3c5a-45e2-9acf-eef7061c7584";
const SYNC_ROOM: &str = "bbb03399-24e3-4b0c-90ec-172e97e636be";
const OTHER: &str = "79365b9b-e5ef-452f-934e-e171d75d254b";
const OTHER_ROOM: &str = "6bf2b8be-04dd-4191-b602-1128921a306b";

fn at(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse_rfc3339(text).unwrap())
}

fn connection(id: &str) -> ConnectionId {
    ConnectionId::new(id).unwrap()
}

fn extensions(organization_id: Option<&str>, room: &str) -> Option<RawJson> {
    let associated_id = Some(room);
    let said = RealtimeKitExtensions { organization_id, associated_id };
    RawJson::parse(&serde_json::to_string(&said).unwrap())
}

/// The weekly sync, which most fixtures vary.
fn sync() -> Session {
    Session {
        session_id: SessionId::new(SYNC).ok(),
        session_type: Some(SessionType::Meeting),
        title: Some("Weekly sync".into()),
        created_at: at("2026-03-14T10:00:00.398Z"),
        started_at: at("2026-03-14T10:00:00.388Z"),
        updated_at: at("2026-03-14T10:14:26.784Z"),
        participant_count: Some(3),
        max_participant_count: Some(5),
        minutes_consumed: Some(27.3434),
        extensions: extensions(Some(APP), SYNC_ROOM),
        ..Session::of_room(RoomId::new(SYNC_ROOM).unwrap(), SessionStatus::Live)
    }
}

fn town_hall() -> Session {
    Session {
        session_id: SessionId::new("05e57591-d89e-45c9-ae44-08dc1eaad0e0").ok(),
        room_id: RoomId::new(OTHER_ROOM).unwrap(),
        extensions: extensions(Some(APP), OTHER_ROOM),
        title: Some("Town hall".into()),
        created_at: at("2026-03-14T09:30:00.010Z"),
        started_at: at("2026-03-14T09:30:00Z"),
        updated_at: at("2026-03-14T10:14:00Z"),
        participant_count: Some(212),
        max_participant_count: Some(240),
        minutes_consumed: Some(5210.5),
        ..sync()
    }
}

fn v1_stream() -> Session {
    Session {
        session_id: SessionId::new("4c1e3f57-7c53-4b83-9be8-5d0b2c4b7a11").ok(),
        room_id: RoomId::new("lcfvaa-absxch").unwrap(),
        extensions: extensions(Some(APP), "lcfvaa-absxch"),
        session_type: Some(SessionType::Livestream),
        participant_count: Some(0),
        ..sync()
    }
}

fn breakout(id: &str, title: &str) -> BreakoutRoom {
    let sync = sync();
    BreakoutRoom {
        room_id: RoomId::new(OTHER_ROOM).ok(),
        session_id: SessionId::new(id).ok(),
        status: Some(SessionStatus::Live),
        session_type: sync.session_type,
        title: Some(title.into()),
        created_at: sync.created_at,
        started_at: sync.started_at,
        updated_at: sync.updated_at,
        participant_count: Some(3),
        max_participant_count: Some(5),
        minutes_consumed: sync.minutes_consumed,
        ..BreakoutRoom::default()
    }
}

type LiveReading = (&'static str, &'static str, Result<Session, ErrorKind>);

fn live_sessions() -> Vec<LiveReading> {
    let v1 = Session {
        aliases: vec![RoomId::new("lcfvaa-absxch").unwrap()],
        extensions: extensions(Some(APP), "lcfvaa-absxch"),
        ..sync()
    };
    let small =
        BreakoutRoom { participant_count: Some(2), max_participant_count: Some(2), ..breakout(OTHER, "Breakout 1") };
    let meta = RawJson::parse(r#"{"room_type":"V2","media_nodes":[]}"#);
    vec![
        ("active-session.200.json", "session live 3", Ok(sync())),
        ("active-session.200.v1-room-name.json", "session", Ok(v1)),
        ("active-session.200.ended-at-null.json", "session", Ok(sync())),
        (
            "active-session.200.ended-at-null-text.json",
            "session, title unknown",
            Ok(Session { title: None, extensions: extensions(None, SYNC_ROOM), ..sync() }),
        ),
        (
            "active-session.200.zero-participants.json",
            "session live 0",
            Ok(Session { participant_count: Some(0), ..sync() }),
        ),
        (
            "active-session.200.breakout-rooms.json",
            "session with 1 breakout",
            Ok(Session { breakout_rooms: Some(vec![small]), ..sync() }),
        ),
        (
            "active-session.200.meta.json",
            "session",
            Ok(Session { metadata: meta, breakout_rooms: Some(vec![]), ..sync() }),
        ),
        ("active-session.200.ended.json", "not_live", Err(ErrorKind::SessionNotLive)),
        ("active-session.200.string-numbers.json", "session live 3", Ok(sync())),
        (
            "active-session.200.unknown-enum.json",
            "session",
            Ok(Session { session_type: Some(SessionType::Unknown), ..sync() }),
        ),
        ("active-session.200.data-null.json", "not_live", Err(ErrorKind::SessionNotLive)),
    ]
}

type ListReading = (&'static str, &'static str, Vec<Session>, Step);

fn live_lists() -> Vec<ListReading> {
    vec![
        ("sessions.200.live.json", "sessions:2", vec![sync(), town_hall()], Step::Done),
        ("sessions.200.live.page-1.json", "sessions:1, more", vec![sync()], Step::More),
        ("sessions.200.empty.json", "sessions:0", vec![], Step::Done),
        ("sessions.200.no-paging.json", "sessions:2", vec![sync(), town_hall()], Step::Look),
        ("sessions.200.paging-inside-data.json", "sessions:2", vec![sync(), town_hall()], Step::Done),
        ("sessions.200.filter-ignored.json", "sessions:1", vec![sync()], Step::Done),
        ("sessions.200.mixed-types.json", "sessions:2", vec![sync(), v1_stream()], Step::Done),
    ]
}

const SECOND_PAGE: (&str, &str) = ("sessions.200.live.page-2.json", "sessions:1, done");

fn sessions_by_id() -> Vec<(&'static str, &'static str, Session)> {
    let ended = Session {
        session_id: SessionId::new(OTHER).ok(),
        status: SessionStatus::Ended,
        ended_at: at("2026-03-14T10:31:02.101Z"),
        participant_count: Some(0),
        ..sync()
    };
    let over = BreakoutRoom {
        status: Some(SessionStatus::Ended),
        ended_at: at("2026-03-14T10:10:00Z"),
        participant_count: Some(0),
        ..breakout("d1f0f0f3-1ea6-4a26-9f39-1f8a2a3c9b77", "Weekly sync")
    };
    let rooms = Some(vec![breakout(OTHER, "Weekly sync"), over]);
    let wrapped = Session { breakout_rooms: Some(vec![]), metadata: RawJson::parse("{}"), ..ended.clone() };
    vec![
        ("session.200.flat.json", "session ended", ended),
        ("session.200.wrapped.json", "session ended", wrapped),
        ("session.200.breakout-rooms.json", "session with 2 breakouts", Session { breakout_rooms: rooms, ..sync() }),
    ]
}

fn mark() -> Participant {
    Participant {
        participant_id: ParticipantId::new("0a08343d-a9dc-45f0-9feb-6a64afcc4f81").ok(),
        connection_id: connection("005f4e0c-4d08-4d4e-a391-a76be75cd296"),
        custom_participant_id: CustomParticipantId::new("user-mar").ok(),
        display_name: Some("Mark".into()),
        role: Some("group_call_participant".into()),
        joined_at: at("2026-03-14T10:01:08.030Z"),
        left_at: at("2026-03-14T10:06:56.612Z"),
        metadata: None,
    }
}

fn henry() -> Participant {
    Participant {
        connection_id: connection("51fdf95f-d893-471a-922b-7db7adb14453"),
        custom_participant_id: CustomParticipantId::new("user-hen").ok(),
        display_name: Some("Henry".into()),
        left_at: None,
        ..mark()
    }
}

type ParticipantsReading = (&'static str, &'static str, Vec<Participant>, Option<u64>);

fn participants() -> Vec<ParticipantsReading> {
    let timeless = Participant { joined_at: None, left_at: mark().left_at, ..henry() };
    let again = Participant {
        connection_id: connection("9a0e6a8e-3b5b-45b2-a0fd-3f4d2b6d5a01"),
        joined_at: at("2026-03-14T10:08:00Z"),
        left_at: None,
        ..mark()
    };
    vec![
        ("session-participants.200.json", "participants:2 of 123, one present", vec![mark(), henry()], Some(123)),
        ("session-participants.200.left-at-null.json", "participants:1 present", vec![henry()], Some(1)),
        ("session-participants.200.bad-timestamp.json", "participants:1, joined_at unknown", vec![timeless], Some(1)),
        ("session-participants.200.rejoined.json", "participants:2 rows, 1 person", vec![mark(), again], Some(2)),
        ("session-participants.200.peer-events.json", "participants:1", vec![mark()], Some(1)),
        ("session-participants.200.empty.json", "participants:0", vec![], None),
    ]
}

const KICK: (&str, &str) = ("kick.200.json", "kicked:1");
const KICK_ALL: (&str, &str) = ("kick-all.200.json", "kicked:12");
const POLL: (&str, &str) = ("poll.201.json", "poll");

type MediaReading = (&'static str, &'static str, Vec<Option<&'static str>>);

const RECORDINGS: [&str; 2] = ["recordings.200.running.json", "recordings.200.finished.json"];

fn recordings() -> Vec<MediaReading> {
    vec![
        (RECORDINGS[0], "recordings:2", vec![Some(SYNC_ROOM), Some(OTHER_ROOM)]),
        // one recording, which is over and so not counted
        (RECORDINGS[1], "recordings:1", vec![None]),
    ]
}

fn livestreams() -> Vec<MediaReading> {
    vec![
        // two streams, of which one is independent of any room
        ("livestreams.200.live.json", "livestreams:2", vec![Some(SYNC_ROOM), None]),
        ("livestreams.200.object.json", "livestreams:1", vec![Some(SYNC_ROOM)]),
    ]
}

/// Every fixture read here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let lists = live_lists().into_iter().map(|row| row.0).chain([SECOND_PAGE.0]);
    let sessions = live_sessions().into_iter().map(|row| row.0).chain(sessions_by_id().into_iter().map(|row| row.0));
    let media = recordings().into_iter().chain(livestreams()).map(|row| row.0);
    lists
        .chain(sessions)
        .chain(participants().into_iter().map(|row| row.0))
        .chain(media)
        .chain([KICK.0, KICK_ALL.0, POLL.0])
}

/// Walks recorded pages; answers the values and what the walk says after the last of them.
fn walked<R: Clone>(pages: Vec<Page<R>>) -> (Vec<R>, Step) {
    let mut walk = pages::Forward::new(Operation::ListLiveSessions);
    let mut step = Step::More;
    for page in pages {
        assert_eq!(step, Step::More, "a page after the last one");
        step = walk.absorb(page).unwrap();
    }
    (walk.finish().unwrap().values, step)
}

#[test]
fn live_session() {
    for (name, expect, expected) in live_sessions() {
        let response = answer(name, expect, Operation::GetLiveSession);
        let read = session::live(&response, &RoomId::new(SYNC_ROOM).unwrap(), now());
        if let Ok((id, session)) = &read {
            assert_eq!(Some(id), session.session_id.as_ref(), "{name}");
        }
        assert_eq!(read.map(|(_, session)| session).map_err(|error| error.kind()), expected, "{name}");
    }
}

#[test]
fn live_list() {
    for (name, expect, sessions, step) in live_lists() {
        let page = session::live_page(&answer(name, expect, Operation::ListLiveSessions), now()).unwrap();
        assert_eq!(walked(vec![page]), (sessions, step), "{name}");
    }
}

#[test]
fn live_list_of_two_pages() {
    let page = |(name, expect): (&str, &str)| {
        session::live_page(&answer(name, expect, Operation::ListLiveSessions), now()).unwrap()
    };
    let first = page(("sessions.200.live.page-1.json", "sessions:1, more"));
    assert_eq!(walked(vec![first, page(SECOND_PAGE)]), (vec![sync(), town_hall()], Step::Done));
}

#[test]
fn session_by_id() {
    for (name, expect, expected) in sessions_by_id() {
        assert_eq!(
            session::by_id(&answer(name, expect, Operation::GetSession), expected.session_id.as_ref().unwrap(), now())
                .unwrap(),
            expected,
            "{name}"
        );
    }
}

#[test]
fn participant_lists() {
    for (name, expect, everybody, total) in participants() {
        let response = answer(name, expect, Operation::ListSessionParticipants);
        let page = |who| participant::list_page(&response, Asked::Session, who, now()).unwrap();
        assert_eq!(page(Who::Everybody).paging.and_then(|paging| paging.total_count), total, "{name}");
        assert_eq!(walked(vec![page(Who::Everybody)]).0, everybody, "{name}");
        let present: Vec<_> = everybody.into_iter().filter(|row| row.left_at.is_none()).collect();
        assert_eq!(walked(vec![page(Who::Present)]).0, present, "{name}");
    }
}

#[test]
fn moderation_answers() {
    let kicked = moderation::kicked(&answer(KICK.0, KICK.1, Operation::KickParticipants), now()).unwrap();
    let expected = KickedParticipant {
        participant_id: ParticipantId::new("005f4e0c-4d08-4d4e-a391-a76be75cd296").ok(),
        display_name: Some("Mark".into()),
        email: Some("mark@example.com".into()),
        picture_url: Some("https://example.com/p.png".into()),
        created_at: at("2026-03-14T10:01:08.039Z"),
        updated_at: at("2026-03-14T10:06:56.618Z"),
    };
    assert_eq!(kicked, [expected]);

    let count = moderation::kicked_count(&answer(KICK_ALL.0, KICK_ALL.1, Operation::KickAllParticipants));
    assert_eq!(count.unwrap(), Some(12));

    let asked = NewPoll { question: "?".into(), options: vec![], anonymous: false, hide_votes: false };
    let poll = moderation::poll(&answer(POLL.0, POLL.1, Operation::CreatePoll), &asked).unwrap();
    let option = |text: &str| PollOption { text: text.into(), count: Some(0), votes: Some(vec![]) };
    let expected = Poll {
        poll_id: Some("3f1d9b52-0c3e-4f0a-8c0d-8a9f4f4c2d10".into()),
        question: "Ship on Friday?".into(),
        options: vec![option("Yes"), option("No")],
        anonymous: Some(false),
        hide_votes: Some(false),
        created_by: Some("API".into()),
        voted: Some(vec![]),
    };
    assert_eq!(poll, expected);
}

#[test]
fn running_media() {
    let rooms = |page: Page<RoomId>| page.rows.into_iter().map(|row| row.value).collect::<Vec<_>>();
    let expected =
        |ids: Vec<Option<&str>>| ids.into_iter().map(|id| id.map(|id| RoomId::new(id).unwrap())).collect::<Vec<_>>();
    for (name, expect, ids) in recordings() {
        let page = media::recordings_page(&answer(name, expect, Operation::CountLiveMedia)).unwrap();
        assert_eq!(rooms(page), expected(ids), "{name}");
    }
    for (name, expect, ids) in livestreams() {
        let page = media::livestreams_page(&answer(name, expect, Operation::CountLiveMedia)).unwrap();
        assert_ne!(walked(vec![page.clone()]).1, Step::More, "{name}");
        assert_eq!(rooms(page), expected(ids), "{name}");
    }
}

#[test]
fn the_history_holds_every_row_whatever_its_status() {
    let filter = session_provider::SessionFilter::default();
    for (name, expect, live, _) in live_lists() {
        let response = answer(name, expect, Operation::ListSessions);
        let page = session::history_page(&response, &filter, now()).unwrap();
        let sessions: Vec<Session> = page.rows.into_iter().filter_map(|row| row.value).collect();
        let ended = usize::from(name == "sessions.200.filter-ignored.json");
        assert_eq!((sessions.len(), page.dropped), (live.len() + ended, 0), "{name}");
        assert!(live.iter().all(|session| sessions.contains(session)), "{name}");
        let over = sessions.iter().filter(|session| session.status == SessionStatus::Ended);
        assert_eq!(over.count(), ended, "{name}");
    }
}
