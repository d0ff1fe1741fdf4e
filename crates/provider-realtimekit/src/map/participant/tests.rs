use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use session_provider::{ErrorKind, Intent, Operation, RawJson};

use super::*;

fn read(body: &Value, who: Who) -> Result<Page<Participant>> {
    let response = Response::made(Operation::ListSessionParticipants, Intent::Read, StatusCode::OK, body.to_string());
    list_page(&response, Asked::Session, who, Timestamp::parse_rfc3339("2026-03-15T00:00:00Z").unwrap())
}

fn rows(rows: Value, who: Who) -> Page<Participant> {
    read(&json!({"success": true, "data": {"participants": rows}}), who).unwrap()
}

#[test]
fn a_row_needs_only_its_own_id() {
    let page = rows(
        json!([{"id": "p"}, {"user_id": "u"}, {"id": ""}, {"id": {}}, null, [], {"id": "any text"}, {"ID": 7}, {"id": "a.b\u{7}"}]),
        Who::Everybody,
    );
    assert_eq!(page.dropped, 5);
    let ids: Vec<_> = page.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!(ids, ["p", "any text", "7", "a.b\u{7}"]);
    assert!(page.rows[3].value.as_ref().unwrap().connection_id.as_str().starts_with("a.b\u{fffd}~"));
    let expected = Participant {
        participant_id: None,
        connection_id: ConnectionId::new("p").unwrap(),
        custom_participant_id: None,
        display_name: None,
        role: None,
        joined_at: None,
        left_at: None,
        metadata: None,
    };
    assert_eq!(page.rows[0].value, Some(expected));
}

#[test]
fn ids_that_cannot_be_used_are_none_and_the_row_stays() {
    let row = json!({"id": "p", "user_id": "a/b", "custom_participant_id": "a\nb", "display_name": {}, "preset_name": "",
        "joined_at": [], "metadata": "{\"a\":1}"});
    let participant = rows(json!([row]), Who::Everybody).rows.remove(0).value.unwrap();
    assert_eq!((participant.participant_id, participant.custom_participant_id), (None, None));
    assert_eq!((participant.display_name, participant.role, participant.joined_at), (None, None, None));
    assert_eq!(participant.metadata, RawJson::parse(r#"{"a":1}"#));
    let meta = rows(json!([{"id": "p", "meta": [1]}]), Who::Everybody).rows.remove(0).value.unwrap().metadata;
    assert_eq!(meta, RawJson::parse("[1]"));
}

#[rstest]
#[case(json!(null), true)]
#[case(json!("null"), true)]
#[case(json!(""), true)]
#[case(json!("2026-03-14T10:06:56.612Z"), false)]
#[case(json!(0), true)]
#[case(json!(false), true)]
#[case(json!("Invalid date"), true)]
#[case(json!("1970-01-01T00:00:00.000Z"), true)]
#[case(json!("9999-12-31T23:59:59Z"), true)]
#[case(json!(1_773_482_400), false)]
#[case(json!(1_773_482_400_147_i64), false)]
#[case(json!("some time ago"), false)]
fn present_is_who_has_not_left(#[case] left_at: Value, #[case] present: bool) {
    let list = json!([{"id": "p", "left_at": left_at}]);
    let page = rows(list.clone(), Who::Present);
    assert_eq!((page.rows[0].value.is_some(), page.dropped), (present, 0));
    assert!(rows(list, Who::Everybody).rows[0].value.is_some());
}

#[rstest]
#[case(json!({"success": true, "data": null}))]
#[case(json!({"success": true, "data": []}))]
#[case(json!({"success": true, "data": {"participants": null}}))]
#[case(json!({"success": true, "data": {"participants": {}}}))]
#[case(json!({"success": true, "participants": []}))]
fn a_missing_list_is_never_an_empty_one(#[case] body: Value) {
    assert_eq!(read(&body, Who::Present).unwrap_err().kind(), ErrorKind::ProviderBadResponse);
}

#[test]
fn paging_is_found_in_both_places_and_beside_data_first() {
    let total = |body: Value| read(&body, Who::Present).unwrap().paging.and_then(|paging| paging.total_count);
    let paging = |total: u64| json!({"total_count": total});
    assert_eq!(total(json!({"success": true, "data": {"participants": []}})), None);
    assert_eq!(total(json!({"success": true, "data": {"participants": [], "paging": paging(3)}})), Some(3));
    assert_eq!(total(json!({"success": true, "data": {"participants": []}, "paging": paging(4)})), Some(4));
    assert_eq!(
        total(json!({"success": true, "data": {"participants": [], "paging": paging(3)}, "paging": paging(4)})),
        Some(4)
    );
    assert_eq!(
        total(json!({"success": true, "data": {"participants": [], "paging": paging(3)}, "paging": 9})),
        Some(3)
    );
}
