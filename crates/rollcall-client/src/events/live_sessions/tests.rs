//! What is known after events.

use serde_json::{Value, json};

use super::*;
use crate::events::testing::{entry, event, piece, session};

/// What each change says, in short.
fn told(changes: &[Change]) -> Vec<String> {
    let count = |session: &Session| session.participant_count.unwrap_or_default();
    let said = |change: &Change| match change {
        Change::Found(session) => format!("found {}", session.room_id),
        Change::Started(session) => format!("started {}", session.room_id),
        Change::Updated { before, after } => format!("{} {} -> {}", after.room_id, count(before), count(after)),
        Change::Ended { session, reason } => format!("ended {} {reason:?}", session.room_id),
        Change::Provider(entry) => format!("{} {}", entry.provider, entry.status),
    };
    changes.iter().map(said).collect()
}

fn rooms(live: &LiveSessions) -> Vec<&str> {
    live.sessions().map(|session| session.room_id.as_str()).collect()
}

fn apply(live: &mut LiveSessions, name: &str, data: &Value) -> Vec<String> {
    told(&live.apply(&event(name, data)))
}

/// After a snapshot of these rooms.
fn knowing(rooms: &[&str]) -> LiveSessions {
    let mut live = LiveSessions::new();
    apply(&mut live, "snapshot", &piece(rooms, true, true, "ok"));
    live
}

#[test]
fn a_snapshot_counts_when_its_last_piece_has_come() {
    let mut live = LiveSessions::new();
    assert_eq!(apply(&mut live, "snapshot", &piece(&["b"], true, false, "ok")), [""; 0]);
    assert!(rooms(&live).is_empty() && !live.is_complete());
    assert_eq!(live.providers().count(), 0, "nothing is known of it yet");
    assert_eq!(apply(&mut live, "snapshot", &piece(&["a"], false, true, "ok")), ["p ok", "found a", "found b"]);
    assert_eq!(rooms(&live), ["a", "b"]);
    assert!(live.is_complete());
}

#[test]
fn a_snapshot_that_broke_off_changes_nothing() {
    let mut live = knowing(&["a"]);
    assert_eq!(apply(&mut live, "snapshot", &piece(&["x"], true, false, "ok")), [""; 0]);
    // The stream goes on behind an event from before it.
    let started = json!({ "provider": "p", "session": session("b") });
    assert_eq!(apply(&mut live, "session_started", &started), ["started b"]);
    assert_eq!(rooms(&live), ["a", "b"]);
    assert_eq!(apply(&mut live, "snapshot", &piece(&["b"], true, true, "ok")), ["ended a None"]);
    assert_eq!(rooms(&live), ["b"]);
}

#[test]
fn a_snapshot_of_what_is_known_repeats_nothing() {
    let mut live = knowing(&["a", "b"]);
    let mut again = piece(&["a", "b"], true, true, "ok");
    again["data"][0]["fetched_at"] = json!("2026-11-20T10:00:09Z");
    again["data"][0]["minutes_consumed"] = json!(7.5);
    again["data"][1]["participant_count"] = json!(4);
    assert_eq!(apply(&mut live, "snapshot", &again), ["b 1 -> 4"]);
}

#[test]
fn sessions_start_change_and_end() {
    let mut live = knowing(&[]);
    let started = json!({ "provider": "p", "session": session("a") });
    assert_eq!(apply(&mut live, "session_started", &started), ["started a"]);
    let changes = json!({ "participant_count": 3, "title": "Daily", "metadata": null, "type": null });
    let updated = json!({ "provider": "p", "room_id": "a", "session_id": null, "changes": changes });
    assert_eq!(apply(&mut live, "session_updated", &updated), ["a 1 -> 3"]);
    let a = live.sessions().next().unwrap();
    assert_eq!((a.title.as_deref(), &a.metadata, a.type_), (Some("Daily"), &Value::Null, None));
    assert_eq!(a.started_at.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-20T09:00:00+00:00"), "as it was");
    let ended = json!({ "provider": "p", "room_id": "a", "session_id": null, "reason": "replaced" });
    assert_eq!(apply(&mut live, "session_ended", &ended), ["ended a Some(Replaced)"]);
    assert_eq!(apply(&mut live, "session_ended", &ended), [""; 0], "it is gone already");
    assert_eq!(apply(&mut live, "session_updated", &updated), [""; 0]);
}

#[test]
fn a_provider_that_fails_ends_nothing() {
    let mut live = knowing(&["a"]);
    let changed = |status: &str| json!({ "provider": "p", "entry": entry(status) });
    assert_eq!(apply(&mut live, "provider_changed", &changed("stale")), ["p stale"]);
    assert_eq!((rooms(&live), live.is_complete()), (vec!["a"], false), "old, but known");
    assert_eq!(apply(&mut live, "provider_changed", &changed("failed")), ["p failed"]);
    assert_eq!(rooms(&live), [""; 0], "unknown");
    assert_eq!(apply(&mut live, "snapshot", &piece(&["a"], true, true, "ok")), ["p ok", "found a"]);
    // A snapshot can say so, too: of one that fails from the beginning, or while we are away.
    assert_eq!(apply(&mut live, "snapshot", &piece(&[], true, true, "failed")), ["p failed"]);
    assert!(rooms(&live).is_empty() && !live.is_complete());
}

#[test]
fn what_is_of_no_provider_that_is_known_or_of_no_name_changes_nothing() {
    let mut live = LiveSessions::new();
    let started = json!({ "provider": "q", "session": session("a") });
    for (name, data) in [("session_started", started), ("bye", json!({ "reason": "draining" })), ("new", json!({}))] {
        assert_eq!(apply(&mut live, name, &data), [""; 0]);
    }
    assert_eq!(rooms(&live), [""; 0]);
}
