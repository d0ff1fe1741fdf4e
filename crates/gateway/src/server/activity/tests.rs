//! The deadlines of a connection, on a paused clock.

use std::task::Waker;

use super::*;

fn begin(timeouts: ConnectionTimeouts) -> Activity {
    Activity::begin(timeouts, Arc::default())
}

/// Time passes between two turns of the connection's task.
async fn pass(activity: &Activity, time: Duration) {
    activity.next(&Context::from_waker(Waker::noop()));
    tokio::time::advance(time).await;
}

#[tokio::test(start_paused = true)]
async fn each_state_has_its_own_deadline() {
    let timeouts = ConnectionTimeouts::default();
    let activity = begin(timeouts);
    let start = Instant::now();
    assert_eq!(activity.deadline(), Some((start + timeouts.first_byte, Waiting::Request)));
    pass(&activity, Duration::from_secs(3)).await;
    activity.bytes_arrived();
    pass(&activity, Duration::from_secs(3)).await;
    activity.bytes_arrived();
    let head = start + Duration::from_secs(3) + timeouts.head;
    assert_eq!(activity.deadline(), Some((head, Waiting::Head)), "later bytes buy no time");
    let one = activity.request_began(false);
    let other = activity.request_began(false);
    drop(one);
    assert_eq!(activity.deadline(), None);
    drop(other);
    assert_eq!(activity.deadline(), Some((Instant::now() + timeouts.idle, Waiting::Request)));
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_that_nobody_takes_ends_the_connection_soon() {
    let timeouts = ConnectionTimeouts::default();
    let activity = begin(timeouts);
    let stream = activity.request_began(false);
    stream.long_answer_began();
    activity.unread(true);
    assert_eq!(activity.deadline(), None, "the stream has a clock of its own");
    let start = Instant::now();
    drop(stream);
    assert_eq!(activity.deadline(), Some((start + timeouts.farewell, Waiting::Goodbye)));
    activity.unread(false);
    assert_eq!(activity.deadline(), Some((start + timeouts.idle, Waiting::Request)), "it was taken");
    let other = activity.request_began(false);
    activity.unread(true);
    drop(other);
    assert_eq!(activity.deadline(), Some((start + timeouts.idle, Waiting::Request)), "it was no stream");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_read_slowly_after_the_goodbye_of_a_stream_has_the_time_of_any_other() {
    let timeouts = ConnectionTimeouts::default();
    let activity = begin(timeouts);
    let (stream, other) = (activity.request_began(true), activity.request_began(true));
    stream.long_answer_began();
    drop(stream);
    activity.unread(true);
    let start = Instant::now();
    drop(other);
    assert_eq!(activity.deadline(), Some((start + timeouts.idle, Waiting::Request)));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_answer_that_is_not_read_sets_the_deadline() {
    let activity = begin(ConnectionTimeouts::default());
    let answer = ConnectionTimeouts::default().answer;
    let (one, other, third) =
        (activity.request_began(true), activity.request_began(true), activity.request_began(true));
    assert_eq!(activity.deadline(), None, "they are worked on");
    other.answer_began();
    let start = Instant::now();
    tokio::time::advance(Duration::from_secs(1)).await;
    one.answer_began();
    assert_eq!(activity.deadline(), Some((start + answer, Waiting::Reader)));
    drop(other);
    assert_eq!(activity.deadline(), Some((start + Duration::from_secs(1) + answer, Waiting::Reader)));
    drop(one);
    assert_eq!(activity.deadline(), None);
    drop(third);
    assert!(matches!(activity.deadline(), Some((_, Waiting::Request))));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_goes_on_has_no_deadline_here_and_does_not_hold_the_end_up() {
    let activity = begin(ConnectionTimeouts::default());
    let (stream, other) = (activity.request_began(true), activity.request_began(true));
    stream.long_answer_began();
    other.answer_began();
    let start = Instant::now();
    assert_eq!(activity.deadline(), Some((start + ConnectionTimeouts::default().answer, Waiting::Reader)));
    drop(other);
    assert_eq!(activity.deadline(), None);
    let (worked_on, late) = (activity.request_began(true), activity.request_began(true));
    let grace = Duration::from_millis(500);
    activity.leave(grace);
    assert_eq!(activity.deadline(), None, "for the one that is worked on");
    late.long_answer_began();
    drop(worked_on);
    assert_eq!(activity.deadline(), Some((start + 2 * grace, Waiting::Goodbye)), "time to end by themselves");
    drop((stream, late));
    assert_eq!(activity.deadline(), Some((start + grace, Waiting::Goodbye)));
}

#[tokio::test(start_paused = true)]
async fn the_bytes_of_a_request_that_has_ended_are_no_head() {
    let timeouts = ConnectionTimeouts::default();
    let activity = begin(timeouts);
    let start = Instant::now();
    activity.bytes_arrived();
    let request = activity.request_began(false);
    activity.bytes_arrived();
    drop(request);
    assert_eq!(activity.deadline(), Some((start + timeouts.idle, Waiting::Request)), "its body came and was answered");
    activity.bytes_arrived();
    assert_eq!(activity.deadline(), Some((start + timeouts.head, Waiting::Head)));
}

#[tokio::test(start_paused = true)]
async fn frames_between_the_requests_of_http2_are_no_head() {
    let activity = begin(ConnectionTimeouts::default());
    activity.bytes_arrived();
    drop(activity.request_began(true));
    activity.bytes_arrived();
    assert!(matches!(activity.deadline(), Some((_, Waiting::Request))));
}

#[tokio::test(start_paused = true)]
async fn the_end_waits_for_what_was_under_way_and_not_for_what_came_too_late() {
    let activity = begin(ConnectionTimeouts::default());
    let grace = Duration::from_millis(500);
    let in_time = activity.request_began(true);
    activity.leave(grace);
    assert_eq!(activity.deadline(), None, "it is worked on");
    let late = activity.request_began(true);
    tokio::time::advance(Duration::from_secs(3)).await;
    drop(in_time);
    let end = Some((Instant::now() + grace, Waiting::Goodbye));
    assert_eq!(activity.deadline(), end);
    late.answer_began();
    tokio::time::advance(Duration::from_millis(300)).await;
    drop(late);
    assert_eq!(activity.deadline(), end, "what came too late buys no time");
}
