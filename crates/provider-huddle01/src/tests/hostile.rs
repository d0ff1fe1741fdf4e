//! Arbitrary bodies: no panic, and never an empty answer out of one that was not empty.

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::fuzzing;
use crate::tests::fixtures::{Fixture, index};

fn check(body: &[u8]) {
    // A body is no reason to call an unlisted status a success.
    for status in [200, 400, 404, 410] {
        fuzzing::check(status, body);
    }
}

fn key() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "liveSessions",
        "livesessions",
        "LIVESESSIONS",
        "participants",
        "Participants",
        "sessions",
        "count",
        "ok",
        "success",
        "roomId",
        "ROOMID",
        "peerId",
        "peerid",
        "sessionId",
        "sesssionId",
        "startTime",
        "joinTime",
        "exitTime",
        "EXITTIME",
        "endTime",
        "metadata",
        "role",
        "currentPeerCount",
        "livestreamCount",
    ];
    prop_oneof![9 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

fn json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[A-Za-z0-9_-]{1,8}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
    ];
    scalar.prop_recursive(5, 48, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((key(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn envelope() -> impl Strategy<Value = Value> {
    (key(), proptest::collection::vec(json(), 0..5), key(), json()).prop_map(|(list, rows, other, value)| {
        let mut object = Map::from_iter([(other, value)]);
        object.insert(list, Value::from(rows));
        Value::Object(object)
    })
}

/// A fixture with some bytes overwritten, inserted, or cut off.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let bodies: Vec<Vec<u8>> = index().iter().map(Fixture::body).collect();
    let edits = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8), 0..6);
    (proptest::sample::select(bodies), edits).prop_map(|(mut body, edits)| {
        for (at, byte, how) in edits {
            let at = at.index(body.len() + 1);
            match how {
                0 if at < body.len() => body[at] = byte,
                1 => body.insert(at, byte),
                2 if at < body.len() => drop(body.remove(at)),
                _ => body.truncate(at.max(body.len() / 2)),
            }
        }
        body
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes(body in any::<Vec<u8>>()) {
        check(&body);
    }

    #[test]
    fn arbitrary_json(body in json()) {
        check(body.to_string().as_bytes());
    }

    #[test]
    fn arbitrary_envelopes(body in envelope()) {
        check(body.to_string().as_bytes());
    }

    #[test]
    fn mutated_fixtures(body in mutated()) {
        check(&body);
    }
}
