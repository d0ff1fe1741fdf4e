//! Arbitrary bodies: never a panic, never an empty list out of anything but an empty list.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::fuzzing::check;
use crate::tests::reading;

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "success",
        "data",
        "sessions",
        "participants",
        "session",
        "paging",
        "total_count",
        "id",
        "associated_id",
        "status",
        "error",
        "errors",
        "code",
        "message",
        "poll",
        "options",
        "meeting",
        "left_at",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec!["LIVE", "null", "r", "", "2026-03-14T10:00:00Z", "\u{0}", "No user"])
            .prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

fn statuses() -> impl Strategy<Value = u16> {
    prop::sample::select(vec![200, 200, 200, 201, 204, 400, 404, 409, 422])
}

fn recorded() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/realtimekit");
    reading::names().map(|name| std::fs::read(format!("{folder}/{name}")).unwrap()).collect()
}

/// 1,000 bodies for each property, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default()
    } else {
        ProptestConfig::with_cases(1_000)
    }
}

/// Replaces the node that `at` counts down to, depth first.
fn replace(value: &mut Value, at: &mut usize, with: &Value) {
    if *at == 0 {
        *value = with.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, with)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace(field, at, with)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitrary_bytes(status in statuses(), body in prop::collection::vec(any::<u8>(), 0..200)) {
        check(status, &body);
    }

    #[test]
    fn arbitrary_json(status in statuses(), body in any_json()) {
        check(status, body.to_string().as_bytes());
    }

    #[test]
    fn arbitrary_data_in_a_good_envelope(data in any_json(), paging in any_json()) {
        check(200, json!({"success": true, "data": data, "paging": paging}).to_string().as_bytes());
    }

    #[test]
    fn arbitrary_rows_in_a_good_list(rows in prop::collection::vec(any_json(), 0..4)) {
        for key in ["sessions", "participants"] {
            check(200, json!({"success": true, "data": {key: rows}}).to_string().as_bytes());
        }
        check(200, json!({"success": true, "data": rows}).to_string().as_bytes());
    }

    #[test]
    fn recorded_bodies_cut_and_overwritten(which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), byte in any::<u8>(), at in any::<prop::sample::Index>()) {
        let recorded = recorded();
        let mut body = which.get(&recorded).clone();
        let place = at.index(body.len());
        body[place] = byte;
        check(200, &body);
        check(200, &which.get(&recorded)[..cut.index(which.get(&recorded).len())]);
    }

    #[test]
    fn recorded_bodies_with_one_value_replaced(which in any::<prop::sample::Index>(), at in 0_usize..40, with in any_json()) {
        let mut body: Value = serde_json::from_slice(which.get::<Vec<u8>>(&recorded())).unwrap();
        replace(&mut body, &mut { at }, &with);
        check(200, body.to_string().as_bytes());
    }
}
