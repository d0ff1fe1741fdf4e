//! Participants.

use session_provider::{ConnectionId, CustomParticipantId, Participant, ParticipantId, ParticipantList, Result};
use upstream_http::Response;

use super::{metadata_weight, page};
use crate::envelope;
use crate::pages::{Page, Paging, Row, Walked};
use crate::raw;
use crate::refusal::Asked;
use crate::wire::{Data, ParticipantRow};

/// Which rows of a session's list are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Those without `left_at`, readable or not.
    Present,
    /// Everybody who was in it.
    Everybody,
}

/// One page of a session's participants: one row for each connection, known by its `id`.
///
/// # Errors
/// What a refusal means for `asked`; `ProviderBadResponse` without `data.participants`.
pub(crate) fn list_page(response: &Response, asked: Asked, who: Who) -> Result<Page<Participant>> {
    let success = envelope::open(response, asked)?;
    let data = success.object::<Data<'_>>().unwrap_or_default();
    page(response, data.participants, success.paging.or(data.paging.and_then(Paging::read)), |element| {
        let row = raw::object::<ParticipantRow<'_>>(element.get().as_bytes())?;
        let key = raw::nonempty(row.id)?;
        let connection_id = ConnectionId::new(&key)?;
        let wanted = who == Who::Everybody || !raw::says_when(row.left_at);
        let weight = 1 + if wanted { metadata_weight(row.meta.or(row.metadata)) } else { 0 };
        Some(Row { value: wanted.then(|| participant(&row, connection_id)), key, weight })
    })
}

/// The whole list with the provider's own figure.
pub(crate) fn list(walked: Walked<Participant>, reported_count: Option<u64>) -> ParticipantList {
    ParticipantList { participants: walked.values, reported_count, dropped: walked.dropped }
}

fn participant(row: &ParticipantRow<'_>, connection_id: ConnectionId) -> Participant {
    Participant {
        participant_id: raw::text(row.user_id).and_then(|id| ParticipantId::new(&id).ok()),
        connection_id,
        custom_participant_id: raw::text(row.custom_participant_id).and_then(|id| CustomParticipantId::new(&id).ok()),
        display_name: raw::text(row.display_name),
        role: raw::nonempty(row.preset_name),
        joined_at: raw::time(row.joined_at),
        left_at: raw::time(row.left_at),
        metadata: raw::unwrapped_json(row.meta.or(row.metadata)),
    }
}

#[cfg(test)]
mod tests;
