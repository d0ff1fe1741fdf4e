use super::*;
use std::time::Duration;

const KIT: Service = Service::RealtimeKit;

fn world() -> World {
    World::new(1, SimClock::anchored(1_000))
}

#[tokio::test(start_paused = true)]
async fn the_first_join_starts_a_session_and_its_end_keeps_it_readable() {
    let world = world();
    let room = world.add_room(KIT, "Room");
    assert_eq!(world.live_session(&room), None);
    let ada = world.join(&room, "Ada").unwrap();
    assert_eq!(world.join(&room, "Bola").unwrap().session_id, ada.session_id);
    assert_eq!(world.start_session(&room), Err(WorldError::AlreadyLive(room.clone())));
    tokio::time::advance(Duration::from_millis(500)).await;
    world.leave(&room, &ada.connection_id).unwrap();
    assert_eq!(world.leave(&room, &ada.connection_id), Err(WorldError::UnknownParticipant(ada.connection_id.clone())));
    let live = world.live_session(&room).unwrap();
    assert_eq!((live.present_count(), live.max_concurrent, live.connections[0].left_ms), (1, 2, Some(1_500)));
    world.start_recording(&room).unwrap();
    world.start_livestream(&room).unwrap();
    assert_eq!(world.end_session(&room).unwrap(), ada.session_id);
    let ended = world.session(&ada.session_id).unwrap();
    assert_eq!((ended.ended_ms, ended.present_count()), (Some(1_500), 0));
    assert_eq!((ended.recording_count(), ended.livestream_count()), (0, 0));
    assert_eq!(world.end_session(&room), Err(WorldError::NotLive(room.clone())));
    assert_ne!(world.join(&room, "Chen").unwrap().session_id, ada.session_id);
    assert_eq!(world.sessions(KIT).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_comes_again_is_the_same_person_on_another_connection() {
    let world = world();
    let kit = world.add_room(KIT, "Room");
    let again = || world.join(&kit, Person::named("Ada").custom_id("user-1")).unwrap();
    let (first, second) = (again(), again());
    assert_eq!(first.participant_id, second.participant_id);
    assert_ne!(first.connection_id, second.connection_id);
    assert_eq!(world.room(&kit).unwrap().enrolled.len(), 1);
    let kicked = world.kick(&kit, std::slice::from_ref(&first.participant_id), &["user-1".to_owned()]).unwrap();
    assert_eq!(kicked.len(), 1, "one person, named twice");
    assert_eq!(world.live_session(&kit).unwrap().present_count(), 0, "both connections are gone, the session stays");

    let huddle01 = world.add_room(Service::Huddle01, "Room");
    let peer = world.join(&huddle01, "Ada").unwrap();
    assert_eq!(peer.participant_id, peer.connection_id);
}

#[tokio::test(start_paused = true)]
async fn a_kick_removes_all_or_nobody() {
    let world = world();
    let room = world.add_room(KIT, "Room");
    let ada = world.join(&room, Person::named("Ada").custom_id("a")).unwrap().participant_id;
    let bola = world.join(&room, Person::named("Bola").custom_id("b")).unwrap().participant_id;
    world.join(&room, "Chen").unwrap();
    let present = || world.live_session(&room).unwrap().present_count();
    let unknown = Err(WorldError::UnknownParticipant("x".to_owned()));
    assert_eq!(world.kick(&room, &[ada.clone(), "x".to_owned()], &[]), unknown);
    assert_eq!(world.kick(&room, &[], &["x".to_owned()]), unknown);
    assert_eq!(present(), 3);
    let kicked = world.kick(&room, std::slice::from_ref(&bola), &["a".to_owned()]).unwrap();
    assert_eq!(kicked.iter().map(|c| &c.participant_id).collect::<Vec<_>>(), [&bola, &ada]);
    assert_eq!(present(), 1);
    assert_eq!(
        world.kick(&room, std::slice::from_ref(&ada), &[]),
        Err(WorldError::UnknownParticipant(ada)),
        "gone already"
    );
}

#[tokio::test(start_paused = true)]
async fn kick_all_ends_the_session_and_its_breakout_rooms() {
    let world = world();
    let room = world.add_room(KIT, "Room");
    let session = world.join(&room, "Ada").unwrap().session_id;
    world.join(&room, "Bola").unwrap();
    world.start_recording(&room).unwrap();
    let (breakout, breakout_session) = world.add_breakout(&room, "Breakout").unwrap();
    world.join(&breakout, "Chen").unwrap();
    assert_eq!(world.session(&session).unwrap().breakouts, std::slice::from_ref(&breakout_session));
    assert_eq!(world.session(&breakout_session).unwrap().parent, Some(session.clone()));
    assert_eq!(world.kick_all(&room), Ok(2));
    assert_eq!(world.live_sessions(KIT), []);
    assert_eq!(world.session(&session).unwrap().recording_count(), 0);
    assert_eq!(world.kick_all(&room), Err(WorldError::NotLive(room)));
}

#[tokio::test(start_paused = true)]
async fn polls_and_media_are_kept() {
    let world = world();
    let room = world.add_room(KIT, "Room");
    let new = NewPoll { question: "Q".into(), options: vec!["A".into()], anonymous: true, hide_votes: false };
    assert_eq!(world.create_poll(&room, new.clone()), Err(WorldError::NotLive(room.clone())));
    world.start_session(&room).unwrap();
    let poll = world.create_poll(&room, new).unwrap();
    assert_eq!(world.live_session(&room).unwrap().polls, [poll]);
    for _ in 0..2 {
        world.start_recording(&room).unwrap();
        world.start_livestream(&room).unwrap();
    }
    let counts = || world.live_session(&room).map(|s| (s.recording_count(), s.livestream_count())).unwrap();
    assert_eq!(counts(), (2, 2));
    assert_eq!((world.stop_recordings(&room), world.stop_livestreams(&room)), (Ok(2), Ok(2)));
    assert_eq!(counts(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn rooms_can_be_named_seeded_and_changed() {
    let world = world();
    world.add_room_as(KIT, "abcdef-ghijkl", "V1").unwrap();
    let exists = world.add_room_as(Service::Huddle01, "abcdef-ghijkl", "V1");
    assert_eq!(exists, Err(WorldError::RoomExists("abcdef-ghijkl".to_owned())));
    let rooms = world.seed_live(Service::Huddle01, 50, 2);
    let live = world.live_sessions(Service::Huddle01);
    assert_eq!(live.iter().map(|s| &s.room_id).collect::<Vec<_>>(), rooms.iter().collect::<Vec<_>>());
    assert!(live.iter().all(|s| s.present_count() == 2));
    assert!(live.windows(2).all(|w| w[1].started_ms == w[0].started_ms + 1));
    assert_eq!(world.live_sessions(KIT), []);
    world.change_room(&rooms[0], |r| r.locked = true).unwrap();
    assert!(world.room(&rooms[0]).unwrap().locked);
    world.change_live(&rooms[0], |s| s.session_type = SessionType::Livestream).unwrap();
    assert_eq!(world.live_session(&rooms[0]).unwrap().session_type, SessionType::Livestream);
    assert_eq!(world.join("nowhere", "Ada"), Err(WorldError::UnknownRoom("nowhere".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn the_demo_is_populated_and_the_same_for_the_same_seed() {
    let demo = || World::demo_with(5, SimClock::anchored(1_773_482_400_147));
    let world = demo();
    for service in [Service::Huddle01, KIT] {
        let live = world.live_sessions(service);
        assert!(live.len() >= 3 && live.iter().all(|s| s.present_count() > 0), "{service:?}");
        assert_eq!(live.iter().map(Session::recording_count).sum::<usize>(), 1);
        assert_eq!(live.iter().map(Session::livestream_count).sum::<usize>(), 1);
        assert_eq!(live, demo().live_sessions(service));
        let ended: Vec<_> = world.sessions(service).into_iter().filter(|session| !session.is_live()).collect();
        assert!(live.iter().filter(|s| s.parent.is_none()).all(|s| ended.iter().any(|e| e.room_id == s.room_id)));
        assert!(ended.iter().all(|s| s.ended_ms > Some(s.started_ms) && !s.connections.is_empty()));
    }
    assert_ne!(World::demo_with(6, world.clock()).rooms(KIT)[0].id, world.rooms(KIT)[0].id);
}
