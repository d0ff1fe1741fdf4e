//! Participants.

use lenient_json::{id, moment, nonempty, row, text, unwrapped};
use serde_json::value::RawValue;
use session_provider::{
    ConnectionId, CustomParticipantId, Participant, ParticipantId, ParticipantList, RawJson, Result, Timestamp,
};
use upstream_http::Response;

use crate::envelope;
use crate::map::page::{metadata_weight, page};
use crate::pages::{Page, Row, Walked};
use crate::refusal::Asked;
use crate::wire::{ParticipantRow, time};

/// Which rows of a session's list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Those whose `left_at` is not set.
    Present,
    /// Everybody who was in it.
    Everybody,
}

/// One page of a session's participants: one row for each connection, known by its `id`.
///
/// # Errors
/// What a refusal means for `asked`; `ProviderBadResponse` without `data.participants`.
pub(crate) fn list_page(response: &Response, asked: Asked, who: Who, now: Timestamp) -> Result<Page<Participant>> {
    let body = envelope::body(response)?;
    page(response, &body, asked, "participants", |cut| Ok(listed(row(cut)?, who, now)))
}

fn listed(raw: &RawValue, who: Who, now: Timestamp) -> Option<Row<Participant>> {
    let row = ParticipantRow::read(raw)?;
    let key = id(row.id)?;
    let connection_id = ConnectionId::new(&key)?;
    let wanted = who == Who::Everybody || !moment(row.left_at, now.unix_ms()).is_set();
    let weight = 1 + if wanted { metadata_weight(row.meta.or(row.metadata)) } else { 0 };
    Some(Row { value: wanted.then(|| participant(&row, connection_id, now)), key, weight })
}

/// The whole list with the provider's own figure.
pub(crate) fn list(walked: Walked<Participant>, reported_count: Option<u64>) -> ParticipantList {
    ParticipantList { participants: walked.values, reported_count, dropped: walked.dropped }
}

fn participant(row: &ParticipantRow<'_>, connection_id: ConnectionId, now: Timestamp) -> Participant {
    Participant {
        participant_id: id(row.user_id).and_then(|text| ParticipantId::new(&text).ok()),
        connection_id,
        custom_participant_id: id(row.custom_participant_id).and_then(|text| CustomParticipantId::new(&text).ok()),
        display_name: text(row.display_name),
        role: nonempty(row.preset_name),
        joined_at: time(row.joined_at, now),
        left_at: time(row.left_at, now),
        metadata: unwrapped(row.meta.or(row.metadata)).map(RawJson::from),
    }
}

#[cfg(test)]
mod tests;
