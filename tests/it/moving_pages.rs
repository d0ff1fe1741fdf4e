//! A list of several upstream pages, while sessions end between them.

use std::collections::BTreeSet;
use std::sync::Mutex;

use provider_simulator::{Fault, Service};
use rollcall_tests::Stack;

#[tokio::test]
async fn no_live_session_is_lost_when_another_ends_between_two_pages() {
    let stack = Stack::start().await;
    let rooms: Vec<String> =
        (0..150).map(|n| stack.live_room(Service::RealtimeKit, &format!("Room {n}"), &["Ada"])).collect();
    // The oldest ends as soon as the first page was answered: the 101st slides from the second page to the first.
    let (world, ending) = (stack.world.clone(), Mutex::new(vec![rooms[0].clone()]));
    let end_one = Fault::edited(move |_| {
        if let Some(room) = ending.lock().unwrap().pop() {
            world.end_session(&room).unwrap();
        }
    });
    stack.realtimekit.script().always("**/sessions", end_one);
    let body = stack.get("/v1/live-sessions?provider=realtimekit&limit=1000").await.expect(200);
    let came: BTreeSet<&str> =
        body["data"].as_array().unwrap().iter().map(|session| session["room_id"].as_str().unwrap()).collect();
    assert_eq!(came, rooms[1..].iter().map(String::as_str).collect());
    assert_eq!((&body["page"]["total_count"], &body["complete"]), (&149.into(), &true.into()));
    assert_eq!(stack.realtimekit.log().total(), 3, "one call more than there are pages");
}
