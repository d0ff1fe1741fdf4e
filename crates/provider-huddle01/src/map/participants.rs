//! Participants, of a live session and of any session.

use serde_json::value::RawValue;
use session_provider::{ConnectionId, ErrorKind, Participant, ParticipantId, ParticipantList, RawJson, Result};
use upstream_http::Response;

use super::answer::{Answer, each_row, read, some_usable, too_large};
use crate::wire::metadata::Metadata;
use crate::wire::rows::PeerRow;
use crate::wire::scalar;

/// About how much memory the metadata of one answer may take. 50,000 peers with a few members each fit.
const MAX_METADATA: usize = 64 << 20;

/// `GET /live-sessions/participants/:roomId`. A peer with an `exitTime` has left and is not listed
/// (`upstream/huddle01.md` quirk 6).
pub(crate) fn live_participants(response: &Response) -> Result<ParticipantList> {
    let Answer::Body(body) = read(response)? else { return Err(response.error(ErrorKind::SessionNotLive)) };
    participants(response, body.participants, body.count, Listed::Present)
}

/// `GET /rooms/participant-list`.
pub(crate) fn session_participants(response: &Response) -> Result<ParticipantList> {
    let Answer::Body(body) = read(response)? else { return Err(response.error(ErrorKind::SessionNotFound)) };
    participants(response, body.participants, body.count, Listed::Everybody)
}

#[derive(Clone, Copy, PartialEq)]
enum Listed {
    Present,
    Everybody,
}

fn participants(
    response: &Response,
    rows: Option<&RawValue>,
    count: Option<&RawValue>,
    listed: Listed,
) -> Result<ParticipantList> {
    let mut list = ParticipantList { reported_count: count.and_then(scalar::count), ..ParticipantList::default() };
    let mut weight = 0;
    each_row(response, rows, |raw| {
        let Some((id, row)) =
            PeerRow::read(raw).and_then(|row| Some((ConnectionId::new(row.peer_id.as_deref()?)?, row)))
        else {
            list.dropped += 1;
            return Ok(());
        };
        if listed == Listed::Present && row.exited {
            return Ok(());
        }
        let metadata = Metadata::read(row.metadata);
        weight += metadata.weight;
        if weight > MAX_METADATA {
            return Err(too_large(response));
        }
        list.participants.push(Participant {
            participant_id: row.peer_id.as_deref().and_then(|id| ParticipantId::new(id).ok()),
            connection_id: id,
            custom_participant_id: None,
            display_name: metadata.text("displayName"),
            role: row.role.or_else(|| metadata.text("role")),
            joined_at: row.join_time,
            left_at: row.exit_time,
            metadata: metadata.value.and_then(|value| RawJson::parse(&value.to_string())),
        });
        Ok(())
    })?;
    // Those who left do not vouch for the rest: with only unreadable rows beside them, who is present is not known.
    some_usable(response, list.participants.len(), list.dropped)?;
    Ok(list)
}
