use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use session_provider::{ErrorKind, Intent, MediaCounts, Operation};

use super::*;

fn made(data: Value) -> Response {
    let body = json!({"success": true, "data": data}).to_string();
    Response::made(Operation::CountLiveMedia, Intent::Read, StatusCode::OK, body)
}

#[rstest]
#[case(json!("RECORDING"), true)]
#[case(json!("recording"), true)]
#[case(json!("INVOKED"), true)]
#[case(json!("PAUSED"), true)]
#[case(json!(null), true)]
#[case(json!("UPLOADING"), false)]
#[case(json!("UPLOADED"), false)]
#[case(json!("ERRORED"), false)]
#[case(json!("SOMETHING"), false)]
#[case(json!(7), false)]
fn recordings_under_way(#[case] status: Value, #[case] counted: bool) {
    let page = recordings_page(&made(json!([{"id": "a", "status": status, "meeting": {"id": "r"}}]))).unwrap();
    assert_eq!((page.rows[0].value.is_some(), page.dropped), (counted, 0));
}

#[test]
fn a_recording_without_a_room_is_dropped_unless_it_is_over() {
    let rows = json!([{"id": "a"}, {"id": "b", "meeting": {"id": "a/b"}}, {"meeting": {"id": "r"}}, null,
        {"id": "c", "meeting": null, "meeting_id": "r"}, {"id": "d", "status": "UPLOADED"}]);
    let page = recordings_page(&made(rows)).unwrap();
    assert_eq!(page.dropped, 4);
    let rooms: Vec<_> = page.rows.iter().map(|row| row.value.as_ref().map(RoomId::as_str)).collect();
    assert_eq!(rooms, [Some("r"), None]);
}

#[rstest]
#[case(json!({"id": "a", "meeting_id": "r", "status": "live"}), Some(Some("r")))]
#[case(json!({"id": "a", "meeting_id": "r"}), Some(Some("r")))]
#[case(json!({"id": "a", "meeting_id": null, "status": "LIVE"}), Some(None))]
#[case(json!({"id": "a", "status": "LIVE"}), Some(None))]
#[case(json!({"id": "a", "meeting_id": "r", "status": "OFFLINE"}), Some(None))]
#[case(json!({"id": "a", "meeting_id": "a/b", "status": "LIVE"}), None)]
#[case(json!({"meeting_id": "r", "status": "LIVE"}), None)]
fn livestreams_on_air(#[case] row: Value, #[case] expected: Option<Option<&str>>) {
    let page = livestreams_page(&made(json!([row.clone()]))).unwrap();
    let rooms: Vec<_> = page.rows.iter().map(|row| row.value.as_ref().map(RoomId::as_str)).collect();
    assert_eq!(rooms, Vec::from_iter(expected));
    assert_eq!(page.dropped, u64::from(expected.is_none()));
    assert_eq!(livestreams_page(&made(row)).is_ok(), expected.is_some(), "as one object");
}

#[test]
fn a_missing_list_is_never_an_empty_one() {
    for data in [json!(null), json!("[]"), json!({}), json!({"recordings": []}), json!(7)] {
        assert_eq!(recordings_page(&made(data.clone())).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{data}");
        assert_eq!(livestreams_page(&made(data.clone())).unwrap_err().kind(), ErrorKind::ProviderBadResponse, "{data}");
    }
}

#[test]
fn both_lists_are_counted_by_room() {
    let room = |id: &str| RoomId::new(id).unwrap();
    let walked = |values: &[&str]| Walked {
        values: values.iter().map(|id| room(id)).collect(),
        dropped: 0,
        total_count: None,
        settled: true,
    };
    let media = count(walked(&["a", "a", "b"]), walked(&["b", "c"]));
    assert_eq!(media.in_room(&room("a")), MediaCounts { recordings: 2, livestreams: 0 });
    assert_eq!(media.in_room(&room("b")), MediaCounts { recordings: 1, livestreams: 1 });
    assert_eq!(media.in_room(&room("c")), MediaCounts { recordings: 0, livestreams: 1 });
    assert_eq!(media.len(), 3);
}
