//! What is shown of a stream that is followed on a terminal.

use rollcall_client::events::LiveSessions;

use crate::cli::live::moment::clock;
use crate::cli::live::table;
use crate::cli::live::text::{fit, plain};

/// Whether there is a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    Connecting,
    Connected,
    /// Since then, for this reason; the next try is at that time. Unix seconds.
    Lost {
        why: String,
        since: i64,
        again_at: i64,
    },
}

/// The lines of a terminal of this size (columns, rows).
pub(super) fn view(
    url: &str,
    link: &Link,
    live: &LiveSessions,
    now: i64,
    (columns, rows): (usize, usize),
) -> Vec<String> {
    // A line that fills the last column is not everywhere followed by the first of the next line; the cursor has a line.
    let (columns, rows) = (columns.saturating_sub(1), rows.saturating_sub(1));
    let mut lines = vec![head(url, link, now)];
    lines.extend(table::complaints(live.providers()));
    let mut sessions: Vec<_> = live.sessions().collect();
    table::sort(&mut sessions);
    if live.providers().next().is_some() {
        lines.push(table::summary(sessions.len(), live.is_complete() && *link == Link::Connected));
    }
    lines.push(String::new());
    if !sessions.is_empty() {
        // The head of the table, and a line that says how many there is no room for.
        let room = rows.saturating_sub(lines.len() + 1);
        let (shown, more) = if sessions.len() > room {
            let shown = room.saturating_sub(1);
            (shown, Some(sessions.len() - shown))
        } else {
            (sessions.len(), None)
        };
        lines.extend(table::rows(&sessions[..shown], now, Some(columns)));
        lines.extend(more.map(|more| format!("… and {more} more")));
    }
    lines.truncate(rows);
    lines.iter().map(|line| fit(line, columns)).collect()
}

fn head(url: &str, link: &Link, now: i64) -> String {
    let url = plain(url);
    match link {
        Link::Connecting => format!("Rollcall at {url}: connecting"),
        Link::Connected => format!("Rollcall at {url}, {}", clock(now)),
        Link::Lost { why, since, again_at } => {
            let wait = (again_at - now).max(0);
            format!("Not connected since {}, trying again in {wait} s: {}", clock(*since), sentence(why))
        }
    }
}

/// The text as a sentence of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = plain(text);
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}

#[cfg(test)]
mod tests {
    use rollcall_client::events::Event;
    use serde_json::json;

    use super::*;
    use crate::cli::live::testing::{entry, session};
    use crate::cli::live::text::width;

    const NOW: i64 = 1_795_168_800;

    fn live(count: usize, status: &str) -> LiveSessions {
        let sessions = (0..count).map(|n| session(&json!({ "room_id": format!("room-{n}") })));
        let mut live = LiveSessions::new();
        live.apply(&Event::Snapshot(rollcall_client::types::SnapshotEvent {
            provider: "huddle01".to_owned(),
            entry: entry(status, None),
            poll_seconds: 2.0,
            first: true,
            last: true,
            data: sessions.collect(),
        }));
        live
    }

    #[test]
    fn it_says_whether_there_is_a_connection() {
        let empty = LiveSessions::new();
        let lost = Link::Lost { why: "connection refused".to_owned(), since: NOW - 60, again_at: NOW + 3 };
        for (link, expected) in [
            (Link::Connecting, "Rollcall at http://a: connecting"),
            (Link::Connected, "Rollcall at http://a, 10:00:00Z"),
            (lost, "Not connected since 09:59:00Z, trying again in 3 s: connection refused."),
        ] {
            assert_eq!(view("http://a", &link, &empty, NOW, (100, 24)), [expected, ""]);
        }
    }

    #[test]
    fn what_is_known_is_not_said_to_be_all_while_there_is_no_connection() {
        let lost = Link::Lost { why: "gone".to_owned(), since: NOW, again_at: NOW };
        assert_eq!(view("u", &Link::Connected, &live(1, "ok"), NOW, (80, 24))[1], "1 session is live.");
        assert_eq!(view("u", &lost, &live(1, "ok"), NOW, (80, 24))[1], "1 session is live, as far as is known.");
        let stale = view("u", &Link::Connected, &live(1, "stale"), NOW, (80, 24));
        assert!(stale[1].starts_with("rtk-eu is stale") && stale[2].ends_with("as far as is known."), "{stale:?}");
    }

    #[test]
    fn it_is_smaller_than_the_terminal() {
        let live = live(30, "ok");
        for columns in 1..100 {
            for rows in 1..50 {
                let lines = view("http://127.0.0.1:8080", &Link::Connected, &live, NOW, (columns, rows));
                assert!(lines.len() < rows.max(1) || rows == 1 && lines.is_empty(), "{columns}x{rows}: {lines:?}");
                assert!(lines.iter().all(|line| width(line) < columns), "{columns}x{rows}: {lines:?}");
            }
        }
        let lines = view("u", &Link::Connected, &live, NOW, (80, 12));
        assert_eq!((lines.len(), lines.last().unwrap().as_str()), (11, "… and 24 more"));
        assert_eq!(view("u", &Link::Connected, &live, NOW, (80, 40)).len(), 34, "all of them");
    }
}
