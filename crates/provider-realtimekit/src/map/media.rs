//! Running recordings and live streams of the whole account.

use lenient_json::{Raw, nonempty, row, text};
use serde_json::value::RawValue;
use session_provider::{LiveMedia, Result, RoomId};
use upstream_http::Response;

use crate::envelope;
use crate::map::page::page_of;
use crate::pages::{Page, Paging, Row, Walked};
use crate::refusal::Asked;
use crate::wire::{LivestreamRow, RecordingRow};

/// The states in which a recording is under way: asked for, running, and paused, from where it can resume.
pub(crate) const RUNNING_RECORDING: [&str; 3] = ["INVOKED", "RECORDING", "PAUSED"];
/// The one state in which a live stream is on air.
pub(crate) const RUNNING_LIVESTREAM: [&str; 1] = ["LIVE"];

/// One page of recordings: the room of each that is under way. One without a room cannot be counted and is dropped.
///
/// # Errors
/// `ProviderBadResponse` when `data` is no array.
pub(crate) fn recordings_page(response: &Response) -> Result<Page<RoomId>> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Account)?;
    page_of(response, &success, |cut| row(cut).map(recording))
}

/// One page of live streams: the room of each that is on air. One without a meeting is an independent stream and
/// belongs to no room. `data` is an array or, in the published schema, one object that may hold the paging.
///
/// # Errors
/// `ProviderBadResponse` when `data` is neither.
pub(crate) fn livestreams_page(response: &Response) -> Result<Page<RoomId>> {
    let body = envelope::body(response)?;
    let success = envelope::open(response, &body, Asked::Account)?;
    if let Some(single) = success.data.and_then(LivestreamRow::read) {
        let paging = success.paging.or(single.paging.and_then(Paging::read));
        let row = livestream(&single).ok_or_else(|| response.bad("The provider's answer holds no live stream."))?;
        return Ok(Page { rows: vec![row], dropped: 0, bytes: response.body().len() as u64, paging });
    }
    page_of(response, &success, |cut| Ok(LivestreamRow::read(row(cut)?).and_then(|row| livestream(&row))))
}

pub(crate) fn count(recordings: Walked<RoomId>, livestreams: Walked<RoomId>) -> LiveMedia {
    let mut media = LiveMedia::default();
    recordings.values.into_iter().for_each(|room| media.add_recording(room));
    livestreams.values.into_iter().for_each(|room| media.add_livestream(room));
    media
}

fn recording(raw: &RawValue) -> Option<Row<RoomId>> {
    let row = RecordingRow::read(raw)?;
    let key = nonempty(row.id)?;
    if !runs(row.status, &RUNNING_RECORDING) {
        return Some(Row { key, value: None, weight: 1 });
    }
    let meeting = row.meeting.and_then(RecordingRow::read);
    let room = meeting.and_then(|meeting| room(meeting.id)).or_else(|| room(row.meeting_id))?;
    Some(Row { key, value: Some(room), weight: 1 })
}

fn livestream(row: &LivestreamRow<'_>) -> Option<Row<RoomId>> {
    let key = nonempty(row.id)?;
    let value = match row.meeting_id {
        Some(meeting) if runs(row.status, &RUNNING_LIVESTREAM) => Some(room(Some(meeting))?),
        _ => None,
    };
    Some(Row { key, value, weight: 1 })
}

/// Whether a row is in one of the states that were asked for; it is if it does not say.
fn runs(status: Raw<'_>, states: &[&str]) -> bool {
    let Some(status) = status else { return true };
    text(Some(status)).is_some_and(|said| states.iter().any(|state| said.eq_ignore_ascii_case(state)))
}

fn room(raw: Raw<'_>) -> Option<RoomId> {
    RoomId::new(&text(raw)?).ok()
}

#[cfg(test)]
mod tests;
