//! A change as a line.

use rollcall_client::events::Change;
use rollcall_client::types::{ProviderOutcomeStatus, Session, SessionEndReason};

use crate::cli::live::table::complaint;
use crate::cli::live::text::plain;

/// What happened, in a line without the time; `None` for what nobody need be told.
pub(super) fn line(change: &Change) -> Option<String> {
    Some(match change {
        Change::Found(session) => named("live", session),
        Change::Started(session) => named("started", session),
        Change::Updated { before, after } => {
            let differences = differences(before, after);
            if differences.is_empty() {
                return None;
            }
            format!("{}  {}", named("changed", after), differences.join(", "))
        }
        Change::Ended { session, reason } => {
            let word = if *reason == Some(SessionEndReason::Replaced) { "replaced" } else { "ended" };
            named(word, session)
        }
        Change::Provider(entry) if entry.status == ProviderOutcomeStatus::Ok => {
            format!("{:<8}  {}", "answers", plain(&entry.provider))
        }
        Change::Provider(entry) => complaint(entry)?,
        _ => return None,
    })
}

fn named(word: &str, session: &Session) -> String {
    let title = session.title.as_deref().map(|title| format!("  \"{}\"", plain(title))).unwrap_or_default();
    let people = match session.participant_count {
        Some(1) => "  1 person".to_owned(),
        Some(count) => format!("  {count} people"),
        None => String::new(),
    };
    format!("{word:<8}  {}/{}{title}{people}", plain(&session.provider), plain(&session.room_id))
}

/// The fields that are otherwise, but for those that are in the line already, or follow from it.
fn differences(before: &Session, after: &Session) -> Vec<String> {
    let [before, after] = [before, after].map(|session| serde_json::to_value(session).unwrap_or_default());
    let unspoken = ["fetched_at", "max_participant_count", "minutes_consumed", "stale", "updated_at"];
    let fields = after.as_object().into_iter().flatten();
    fields
        .filter(|(name, value)| before[name.as_str()] != **value && !unspoken.contains(&name.as_str()))
        .map(|(name, value)| match (name.as_str(), &before[name.as_str()]) {
            ("participant_count", was) => format!("was {was}"),
            _ => format!("{name}: {}", plain(&value.to_string())),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::cli::live::testing::session;

    #[test]
    fn each_change_is_a_line_that_says_what_and_where() {
        let daily = session(&json!({ "title": "Daily\n", "participant_count": 3 }));
        let fuller = session(&json!({
            "title": "Daily\n", "participant_count": 4, "max_participant_count": 4, "fetched_at": "2026-11-20T10:00:09Z"
        }));
        let of = |change: Change| line(&change).unwrap();
        assert_eq!(of(Change::Found(daily.clone())), "live      huddle01/abc-defg-hij  \"Daily\\u{a}\"  3 people");
        assert_eq!(of(Change::Started(session(&json!({})))), "started   huddle01/abc-defg-hij");
        assert_eq!(
            of(Change::Updated { before: daily.clone(), after: fuller }),
            "changed   huddle01/abc-defg-hij  \"Daily\\u{a}\"  4 people  was 3"
        );
        let renamed = session(&json!({ "title": "Retro", "participant_count": 3 }));
        assert!(of(Change::Updated { before: daily.clone(), after: renamed }).ends_with("title: \"Retro\""));
        let ended = |reason| Change::Ended { session: session(&json!({ "participant_count": 1 })), reason };
        assert_eq!(of(ended(None)), "ended     huddle01/abc-defg-hij  1 person");
        assert!(of(ended(Some(SessionEndReason::Replaced))).starts_with("replaced"));
        let older = session(&json!({ "title": "Daily\n", "participant_count": 3, "minutes_consumed": 1.5 }));
        assert_eq!(line(&Change::Updated { before: daily, after: older }), None);
    }
}
