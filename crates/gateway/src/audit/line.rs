//! One line of the audit log.

use serde::Serialize;
use session_provider::Timestamp;

use crate::audit::{AuditOutcome, AuditRecord};

/// What stands in a line, in this order. Fields that do not apply are null, so every line has the same.
#[derive(Serialize)]
struct Line<'a> {
    target: &'static str,
    time: Timestamp,
    phase: &'static str,
    iss: &'a str,
    sub: &'a str,
    action: &'static str,
    provider: &'a str,
    room: &'a str,
    targets: &'a [String],
    outcome: Option<&'static str>,
    code: Option<&'static str>,
    request_id: &'a str,
}

/// The line with its newline. Whatever the texts hold, JSON escapes it: there is no other newline in it.
pub(super) fn render(record: &AuditRecord, outcome: Option<AuditOutcome>, time: Timestamp) -> Vec<u8> {
    let (outcome, code, phase) = match outcome {
        None => (None, None, "intent"),
        Some(AuditOutcome::Done) => (Some("done"), None, "outcome"),
        Some(AuditOutcome::Refused(kind)) => (Some("refused"), Some(kind.code()), "outcome"),
        Some(AuditOutcome::NotSent) => (Some("refused"), Some("audit_unavailable"), "outcome"),
        Some(AuditOutcome::Unknown(kind)) => (Some("unknown"), Some(kind.code()), "outcome"),
    };
    let line = Line {
        target: "audit",
        time,
        phase,
        iss: &record.issuer,
        sub: &record.subject,
        action: record.action.as_str(),
        provider: record.provider.as_str(),
        room: record.room.as_str(),
        targets: &record.targets,
        outcome,
        code,
        request_id: record.request_id.as_str(),
    };
    #[expect(clippy::expect_used, reason = "texts, and a moment between the years 1 and 9999: nothing that JSON lacks")]
    let mut bytes = serde_json::to_vec(&line).expect("plain texts serialise");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use session_provider::ErrorKind;

    use super::*;
    use crate::audit::testing::record;

    fn text(outcome: Option<AuditOutcome>) -> String {
        let time = Timestamp::parse_rfc3339("2026-11-20T10:00:00.123Z").unwrap();
        String::from_utf8(render(&record("r1"), outcome, time)).unwrap()
    }

    #[test]
    fn an_intent_and_each_outcome_read_as_documented() {
        let rest = r#""iss":"https://id.example.internal","sub":"svc-board","action":"kick_participants","provider":"rtk-eu","room":"room-1","targets":["p1","p2"]"#;
        let head = r#"{"target":"audit","time":"2026-11-20T10:00:00.123Z","phase""#;
        for (outcome, phase, tail) in [
            (None, "intent", r#""outcome":null,"code":null"#),
            (Some(AuditOutcome::Done), "outcome", r#""outcome":"done","code":null"#),
            (
                Some(AuditOutcome::Refused(ErrorKind::SessionNotLive)),
                "outcome",
                r#""outcome":"refused","code":"session_not_live""#,
            ),
            (Some(AuditOutcome::NotSent), "outcome", r#""outcome":"refused","code":"audit_unavailable""#),
            (
                Some(AuditOutcome::Unknown(ErrorKind::ProviderTimeout)),
                "outcome",
                r#""outcome":"unknown","code":"provider_timeout""#,
            ),
        ] {
            let expected = format!("{head}:\"{phase}\",{rest},{tail},\"request_id\":\"r1\"}}\n");
            assert_eq!(text(outcome), expected);
        }
    }

    #[test]
    fn no_text_can_add_a_line() {
        let mut record = record("r1");
        record.subject = "a\n{\"target\":\"audit\"}\r\u{2028}\"\0".into();
        record.targets = vec!["x\ny".into(), "\u{1b}[2J".into()];
        let bytes = render(&record, None, Timestamp::from_unix_ms(0).unwrap());
        assert_eq!(bytes.iter().filter(|byte| **byte < b' ').count(), 1, "the newline at the end alone");
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((&value["sub"], &value["targets"][0]), (&record.subject.as_str().into(), &"x\ny".into()));
    }
}
