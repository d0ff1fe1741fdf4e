//! What goes wrong is a problem with a code.

use std::fmt::Debug;

use rollcall_client::types::{CreatePollRequest, KickAllRequest, KickRequest, PartialPolicy, Problem, ProblemCode};
use rollcall_client::{Error, code, connect, problem};

use crate::rust_client::place::Place;

const NOBODYS_SESSION: &str = "11111111-2222-4333-8444-555555555555";

/// The problem of a call that failed with this status and code.
fn failed<T: Debug>(result: Result<T, Error<Problem>>, status: i32, expected: &str) -> Problem {
    let error = result.unwrap_err();
    let problem = problem(&error).unwrap_or_else(|| panic!("{error:?}")).clone();
    assert_eq!((problem.status, code(&problem).as_str()), (status, expected), "{problem:?}");
    assert!(matches!(problem.code, ProblemCode::Known(_)), "{problem:?}");
    problem
}

#[tokio::test(flavor = "multi_thread")]
async fn each_status_has_its_codes() {
    let (demo, cut_off) = (Place::demo(), Place::cut_off());
    let client = demo.client();
    let stranger = connect(&demo.url, &cut_off.token).unwrap();
    failed(stranger.list_live_sessions().send().await, 401, "unauthenticated");
    let kick = || KickRequest::builder().participant_ids(vec!["someone".into()]);
    let reader = cut_off.client();
    let refused = reader.kick_participants().provider("huddle01").room_id("room").body(kick()).send().await;
    assert!(failed(refused, 403, "insufficient_scope").detail.contains("sessions:moderate"));

    let get = |provider: &str| client.get_live_session().provider(provider).room_id("nobody-is-here").send();
    failed(get("nobodys").await, 404, "provider_not_found");
    assert_eq!(failed(get("realtimekit").await, 404, "session_not_live").provider.as_deref(), Some("realtimekit"));
    let session = client.get_session().provider("realtimekit").session_id(NOBODYS_SESSION).send().await;
    failed(session, 404, "session_not_found");

    let limit = failed(client.list_live_sessions().limit(100_000).send().await, 400, "invalid_request");
    assert_eq!(limit.errors[0].field, "limit");
    failed(client.list_live_sessions().cursor("made-up").send().await, 400, "invalid_cursor");

    let page = client.list_live_sessions().provider(vec!["realtimekit".to_owned()]).limit(1).send().await.unwrap();
    let room = &page.data[0].room_id;
    let other = KickAllRequest { expected_session_id: Some(NOBODYS_SESSION.to_owned()) };
    let changed = client.kick_all_participants().provider("realtimekit").room_id(room).body(other).send().await;
    failed(changed, 409, "session_changed");

    let poll = CreatePollRequest::builder().question("Tea or coffee?").options(vec!["tea".into(), "coffee".into()]);
    let unsupported = client.create_poll().provider("huddle01").room_id("room").body(poll).send().await;
    assert!(!failed(unsupported, 501, "capability_unsupported").retryable);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_left_alone_for_a_while() {
    let cut_off = Place::cut_off();
    let reader = cut_off.client();
    let ask = |number: u32| reader.get_live_session().provider("huddle01").room_id(format!("room-{number}")).send();
    let mut answer = ask(0).await;
    for number in 1..10 {
        if answer.as_ref().is_err_and(|error| error.status().is_some_and(|status| status != 502)) {
            break;
        }
        assert!(failed(answer, 502, "provider_error").retryable);
        answer = ask(number).await;
    }
    let problem = failed(answer, 503, "provider_unavailable");
    assert!(problem.retryable && problem.retry_after_seconds.is_some_and(|seconds| seconds > 0), "{problem:?}");
    let list = reader.list_live_sessions().partial(PartialPolicy::Forbid).send().await;
    let providers = failed(list, 503, "provider_unavailable").providers.unwrap();
    assert_eq!((providers[0].provider.as_str(), providers[0].session_count), ("huddle01", None));
}
