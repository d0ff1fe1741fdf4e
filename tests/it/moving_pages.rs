//! Lists of several upstream pages, while rows end and begin between them.

use std::collections::BTreeSet;
use std::sync::Mutex;

use provider_simulator::{Fault, Service, World};
use rollcall_tests::Stack;
use serde_json::Value;

const LIST: &str = "/v1/live-sessions?provider=realtimekit&limit=1000";

/// Live rooms, the oldest first.
fn live_rooms(stack: &Stack, count: usize) -> Vec<String> {
    (0..count).map(|n| stack.live_room(Service::RealtimeKit, &format!("Room {n}"), &["Ada"])).collect()
}

/// Makes the next of these changes after each answer, before the next request is seen.
fn changing<C: Send + 'static>(
    stack: &Stack,
    changes: Vec<C>,
    make: impl Fn(&World, C) + Send + Sync + 'static,
) -> Fault {
    let (world, changes) = (stack.world.clone(), Mutex::new(changes.into_iter()));
    Fault::none().then(move || {
        let next = changes.lock().ok().and_then(|mut changes| changes.next());
        next.into_iter().for_each(|change| make(&world, change));
    })
}

fn end(world: &World, rooms: &[String]) {
    rooms.iter().for_each(|room| assert!(world.end_session(room).is_ok(), "{room} was live"));
}

fn rooms_of(body: &Value) -> Vec<&str> {
    body["data"].as_array().into_iter().flatten().filter_map(|session| session["room_id"].as_str()).collect()
}

/// Those that last came, each once, and nothing that was never there.
fn judge(body: &Value, lasting: &[String], known: &[String]) {
    let came = rooms_of(body);
    let different: BTreeSet<&str> = came.iter().copied().collect();
    assert_eq!(came.len(), different.len(), "one came twice");
    let lost = lasting.iter().filter(|room| !different.contains(room.as_str())).count();
    assert_eq!(lost, 0, "live sessions that were lost");
    assert!(different.iter().all(|room| known.iter().any(|known| known == room)));
    assert_eq!((&body["page"]["total_count"], &body["complete"]), (&came.len().into(), &true.into()));
}

#[tokio::test]
async fn no_live_session_is_lost_when_another_ends_between_two_pages() {
    let stack = Stack::start().await;
    let rooms = live_rooms(&stack, 150);
    // The oldest ends as soon as the first page was answered: the 101st slides from the second page to the first.
    let script = stack.realtimekit.script();
    script.always("**/sessions", changing(&stack, vec![rooms[..1].to_vec()], |world, rooms| end(world, &rooms)));
    let body = stack.get(LIST).await.expect(200);
    assert_eq!(rooms_of(&body).len(), 149);
    judge(&body, &rooms[1..], &rooms);
    assert_eq!(stack.realtimekit.log().total(), 3, "one call more than there are pages");
}

#[tokio::test]
async fn nor_while_others_begin_too() {
    let stack = Stack::start().await;
    let rooms = live_rooms(&stack, 250);
    let new: Vec<String> = (0..60).map(|n| stack.world.add_room(Service::RealtimeKit, &format!("New {n}"))).collect();
    let ends = rooms[..40].chunks(10).map(<[_]>::to_vec);
    let changes = ends.zip(new.chunks(15).map(<[_]>::to_vec)).collect();
    let change = changing(&stack, changes, |world, (ending, beginning): (Vec<_>, Vec<_>)| {
        end(world, &ending);
        beginning.iter().for_each(|room| drop(world.join(room, "Grace").unwrap()));
    });
    stack.realtimekit.script().always("**/sessions", change);
    let body = stack.get(LIST).await.expect(200);
    judge(&body, &rooms[40..], &[rooms.clone(), new].concat());
    assert_eq!(stack.realtimekit.log().total(), 4, "one call more than there were pages");
}

#[tokio::test]
async fn nor_where_the_service_does_not_count_its_pages() {
    let stack = Stack::start().await;
    let rooms = live_rooms(&stack, 250);
    let (world, ending) = (stack.world.clone(), Mutex::new(rooms[..5].to_vec()));
    let uncounted = Fault::edited(|body| drop(body.as_object_mut().unwrap().remove("paging")));
    let change = uncounted.then(move || {
        let next = ending.lock().unwrap().pop();
        end(&world, next.as_slice());
    });
    stack.realtimekit.script().always("**/sessions", change);
    judge(&stack.get(LIST).await.expect(200), &rooms[5..], &rooms);
    assert_eq!(stack.realtimekit.log().total(), 7, "to the empty page at the end, and back");
}

#[tokio::test]
async fn no_recording_is_lost_when_another_ends_between_two_pages() {
    let stack = Stack::start().await;
    let rooms = live_rooms(&stack, 150);
    rooms.iter().for_each(|room| drop(stack.world.start_recording(room).unwrap()));
    let stop = |world: &World, room: String| assert_eq!(world.stop_recordings(&room).unwrap(), 1);
    stack.realtimekit.script().always("**/recordings", changing(&stack, rooms[..3].to_vec(), stop));
    let body = stack.get(&format!("{LIST}&include=media_counts")).await.expect(200);
    let sessions = body["data"].as_array().unwrap();
    let recorded = |session: &&Value| session["recording_count"] == 1;
    let came: BTreeSet<&str> =
        sessions.iter().filter(recorded).map(|session| session["room_id"].as_str().unwrap()).collect();
    let lost = rooms[3..].iter().filter(|room| !came.contains(room.as_str())).count();
    assert_eq!((sessions.len(), lost), (150, 0));
}

#[tokio::test]
async fn nobody_is_lost_who_stays_while_others_leave_and_join() {
    let stack = Stack::start().await;
    let room = stack.live_room(Service::RealtimeKit, "Assembly", &["Ada"]);
    let people: Vec<String> =
        (0..250).map(|n| stack.world.join(&room, format!("Person {n}").as_str()).unwrap().connection_id).collect();
    let (of, leaving) = (room.clone(), people[..8].chunks(2).map(<[_]>::to_vec).collect());
    let change = changing(&stack, leaving, move |world, leaving: Vec<String>| {
        leaving.iter().for_each(|connection| world.leave(&of, connection).unwrap());
        drop(world.join(&of, "Late").unwrap());
    });
    stack.realtimekit.script().always("**/participants", change);
    let path = format!("/v1/live-sessions/realtimekit/{room}/participants?limit=1000");
    let body = stack.get(&path).await.expect(200);
    let came: Vec<&str> =
        body["data"].as_array().unwrap().iter().map(|row| row["connection_id"].as_str().unwrap()).collect();
    let different: BTreeSet<&str> = came.iter().copied().collect();
    assert_eq!(came.len(), different.len(), "one came twice");
    assert_eq!(people[8..].iter().filter(|id| !different.contains(id.as_str())).count(), 0, "people who were lost");
}
