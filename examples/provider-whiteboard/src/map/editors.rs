//! Who works on a board.

use session_provider::{Participant, ParticipantList, Result, Timestamp};
use upstream_http::Response;

use crate::map::answer::{body, page, read};
use crate::pages::{Page, Walked};
use crate::wire::EditorRow;

/// One page of `GET /boards/{board}/editors`.
///
/// # Errors
/// `SessionNotLive`; `ProviderBadResponse` for what is no such page.
pub(crate) fn editors_page(response: &Response, now: Timestamp) -> Result<Page<Participant>> {
    let body = body(response)?;
    let envelope = read(response, &body)?;
    page(response, &envelope, envelope.editors, |row| {
        let row = EditorRow::read(row, now)?;
        let connection_id = row.connection?;
        let participant = Participant {
            participant_id: row.editor,
            connection_id: connection_id.clone(),
            custom_participant_id: row.custom_id,
            display_name: row.name,
            role: None,
            joined_at: row.joined_at,
            left_at: None,
            metadata: None,
        };
        Some((connection_id.as_str().to_owned(), participant))
    })
}

/// All pages together.
pub(crate) fn editors(walked: Walked<Participant>) -> ParticipantList {
    ParticipantList { participants: walked.values, reported_count: walked.total, dropped: walked.dropped }
}
