use session_provider::{Error, ErrorKind, ProviderKind, Session, SessionStatus, Timestamp};

use super::*;
use crate::reads::cache::SessionDocument;

fn room(text: &str) -> RoomId {
    RoomId::new(text).unwrap()
}

fn id(text: &str) -> SessionId {
    SessionId::new(text).unwrap()
}

fn provider() -> ProviderId {
    ProviderId::new("p").unwrap()
}

fn key(query: Query) -> Key {
    Key { provider: provider(), query }
}

fn session(own_room: &str, associated: Option<&str>, breakout: Option<&str>) -> Answer {
    let mut session = Session::of_room(room(own_room), SessionStatus::Live);
    session.associated_id = associated.map(str::to_owned);
    session.breakout_rooms =
        breakout.map(|text| vec![session_provider::BreakoutRoom { room_id: Some(room(text)), ..Default::default() }]);
    Answer::Session(Box::new(SessionDocument::new(
        provider(),
        ProviderKind::RealtimeKit,
        session,
        Timestamp::from_unix_ms(0).unwrap(),
    )))
}

fn any() -> Answer {
    Answer::NotLive(Error::new(ErrorKind::SessionNotLive))
}

#[test]
fn what_a_mutation_touches() {
    let mutations = Mutations::new([provider()].into_iter());
    mutations.note(10, &provider(), &room("r"), Some(&id("s")));
    let by_id = |session: &str| Query::Session { id: id(session), breakout_rooms: false };
    for (query, answer, touched) in [
        (Query::LiveSessions, any(), true),
        (Query::LiveMedia, any(), true),
        (Query::LiveSession(room("r")), any(), true),
        (Query::LiveParticipants(room("r")), any(), true),
        (Query::LiveSessionId(room("r")), any(), true),
        (Query::LiveSession(room("other")), any(), false),
        (Query::LiveParticipants(room("other")), any(), false),
        (Query::SessionParticipants(id("s")), any(), true),
        (Query::SessionParticipants(id("of-unknown-room")), any(), true),
        (by_id("s"), session("other", None, None), true),
        (by_id("t"), session("r", None, None), true),
        (by_id("t"), session("other", Some("r"), None), true),
        (by_id("t"), session("other", None, Some("r")), true),
        (by_id("t"), session("other", None, None), false),
    ] {
        let key = key(query);
        assert_eq!(!mutations.allow(&key, 9, &answer), touched, "{key:?}");
        assert!(mutations.allow(&key, 11, &answer), "{key:?}");
    }
    assert_eq!(mutations.last_touching(&key(by_id("t")), None), 10, "a load that may be of the room");
    let other = Key { provider: ProviderId::new("q").unwrap(), query: Query::LiveSessions };
    assert!(mutations.allow(&other, 1, &any()));
}

#[test]
fn notes_are_bounded_and_nothing_is_forgotten_when_they_are_dropped() {
    let mutations = Mutations::new([provider()].into_iter());
    let count = 3 * MAX_NOTES as u64;
    for at in 1..=count {
        mutations.note(at, &provider(), &room(&format!("r{at}")), Some(&id(&format!("s{at}"))));
        let notes = mutations.0.get(&provider()).unwrap().notes.read().unwrap();
        assert!(notes.rooms.len() <= MAX_NOTES && notes.sessions.len() <= MAX_NOTES);
    }
    for at in 1..=count {
        assert!(!mutations.allow(&key(Query::LiveSession(room(&format!("r{at}")))), at - 1, &any()), "{at}");
    }
    assert!(mutations.allow(&key(Query::LiveSession(room("never"))), count, &any()));
}
