//! Tables.

use serde_json::{Value, json};

use super::*;
use crate::cli::live::testing::{entry, session};

/// 2026-11-20T10:00:00Z
const NOW: i64 = 1_795_168_800;

#[test]
fn a_table_shows_what_is_known_and_a_dash_for_what_is_not() {
    let daily = json!({ "title": "Daily", "participant_count": 3, "started_at": "2026-11-20T09:58:30Z" });
    let old = json!({ "provider": "rtk-eu", "room_id": "r", "stale": true, "status": "unknown" });
    let (daily, old) = (session(&daily), session(&old));
    let mut sessions = vec![&old, &daily];
    sort(&mut sessions);
    assert_eq!(
        rows(&sessions, NOW, None),
        [
            "PROVIDER  ROOM          TITLE  PEOPLE  SINCE   STATUS",
            "huddle01  abc-defg-hij  Daily  3       1m 30s  live",
            "rtk-eu    r             -      -       -       unknown, old",
        ]
    );
}

#[test]
fn sessions_come_in_the_order_of_the_list() {
    let at = |provider: &str, room: &str, started: Value| {
        session(&json!({ "provider": provider, "room_id": room, "started_at": started }))
    };
    let early = json!("2026-11-20T09:00:00Z");
    let all = [
        at("b", "1", Value::Null),
        at("a", "2", early.clone()),
        at("a", "1", early),
        at("z", "9", json!("2026-11-20T09:30:00Z")),
    ];
    let mut sessions: Vec<_> = all.iter().collect();
    sort(&mut sessions);
    let found: Vec<_> = sessions.iter().map(|it| format!("{}{}", it.provider.as_str(), it.room_id.as_str())).collect();
    assert_eq!(found, ["z9", "a1", "a2", "b1"]);
}

#[test]
fn no_row_is_wider_than_the_terminal_and_no_title_reaches_it_raw() {
    let title = "\u{1b}[31m日本語の会議室での毎朝の打ち合わせ".repeat(3);
    let it = session(&json!({ "title": title, "room_id": "r".repeat(128), "participant_count": 12 }));
    for columns in 1..200 {
        for row in rows(&[&it], NOW, Some(columns)) {
            assert!(width(&row) <= columns, "{columns}: {row}");
            assert!(!row.chars().any(char::is_control), "{row:?}");
        }
    }
    let narrow = rows(&[&it], NOW, Some(70));
    assert!(narrow[1].contains("12") && narrow[1].ends_with("live"), "what is short stays whole: {narrow:?}");
}

#[test]
fn a_provider_that_is_not_well_is_named_with_what_it_means() {
    assert_eq!(complaint(&entry("ok", None)), None);
    assert_eq!(
        complaint(&entry("failed", Some("rtk-eu did not answer in time.\u{7}"))).unwrap(),
        "rtk-eu failed: what is live there is unknown. rtk-eu did not answer in time.\\u{7}"
    );
    let stale = complaint(&entry("stale", None)).unwrap();
    assert_eq!(stale, "rtk-eu is stale: what is shown of 09:59:00Z may have changed.");
}

#[test]
fn nothing_live_and_not_knowing_do_not_look_alike() {
    assert_eq!(summary(0, true), "Nothing is live.");
    assert_eq!(summary(0, false), "Nothing is live as far as is known.");
    assert_eq!(summary(1, true), "1 session is live.");
    assert_eq!(summary(2, false), "2 sessions are live, as far as is known.");
}
