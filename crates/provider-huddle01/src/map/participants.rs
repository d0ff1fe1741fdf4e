//! Participants, of a live session and of any session.

use lenient_json::{Raw, count, member, text, unwrapped};
use session_provider::{
    ConnectionId, ErrorKind, Participant, ParticipantId, ParticipantList, RawJson, Result, Timestamp,
};
use upstream_http::Response;

use crate::map::answer::{Answer, body, each_row, read, some_usable};
use crate::wire::{PeerRow, timestamp};

/// `GET /live-sessions/participants/:roomId`. A peer whose `exitTime` is set has left and is not listed
/// (`docs/upstream/huddle01.md` quirk 6).
pub(crate) fn live_participants(response: &Response, now: Timestamp) -> Result<ParticipantList> {
    participants(response, now, Listed::Present, ErrorKind::SessionNotLive)
}

pub(crate) fn session_participants(response: &Response, now: Timestamp) -> Result<ParticipantList> {
    participants(response, now, Listed::Everybody, ErrorKind::SessionNotFound)
}

#[derive(Clone, Copy, PartialEq)]
enum Listed {
    Present,
    Everybody,
}

fn participants(response: &Response, now: Timestamp, listed: Listed, absent: ErrorKind) -> Result<ParticipantList> {
    let body = body(response)?;
    let Answer::Body(envelope) = read(response, &body)? else { return Err(response.error(absent)) };
    let mut list = ParticipantList { reported_count: count(envelope.count), ..ParticipantList::default() };
    each_row(response, envelope.participants, |raw| {
        let row = PeerRow::read(raw, now);
        let Some((connection_id, row)) = row.and_then(|row| Some((ConnectionId::new(row.peer_id.as_deref()?)?, row)))
        else {
            list.dropped += 1;
            return;
        };
        if listed == Listed::Everybody || !row.exit_time.is_set() {
            list.participants.push(participant(connection_id, row));
        }
    })?;
    // Those who left do not vouch for the rest: with only unreadable rows beside them, who is present is not known.
    some_usable(response, list.participants.len(), list.dropped)?;
    Ok(list)
}

/// The end user's browser may set the metadata, often as JSON in a text (`docs/upstream/huddle01.md` quirk 5); the names in
/// it are the customer's own, so their letter case counts.
fn participant(connection_id: ConnectionId, row: PeerRow<'_>) -> Participant {
    let metadata = unwrapped(row.metadata);
    let of_metadata = |name: &str| {
        let said: Raw<'_> = metadata.as_deref().and_then(|metadata| member(metadata, name));
        text(said)
    };
    Participant {
        participant_id: row.peer_id.and_then(|id| ParticipantId::new(&id).ok()),
        connection_id,
        custom_participant_id: None,
        display_name: of_metadata("displayName"),
        role: row.role.or_else(|| of_metadata("role")),
        joined_at: row.join_time,
        left_at: timestamp(row.exit_time),
        metadata: metadata.map(RawJson::from),
    }
}
