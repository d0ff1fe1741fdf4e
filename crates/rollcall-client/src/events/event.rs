//! Events by their types.

use serde::de::DeserializeOwned;

use crate::events::sse::Message;
use crate::types::{
    ByeEvent, ParticipantEvent, ParticipantLeftEvent, ProviderChangedEvent, RoomSnapshotEvent, SessionEndedEvent,
    SessionStartedEvent, SessionUpdatedEvent, SnapshotEvent,
};

/// What an event says.
#[expect(clippy::large_enum_variant, reason = "one at a time, taken apart as soon as it is there")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// `snapshot` of a provider, or a piece of it.
    Snapshot(SnapshotEvent),
    /// `snapshot` of a room that is followed, or a piece of it.
    RoomSnapshot(RoomSnapshotEvent),
    /// `session_started`
    SessionStarted(SessionStartedEvent),
    /// `session_updated`
    SessionUpdated(SessionUpdatedEvent),
    /// `session_ended`
    SessionEnded(SessionEndedEvent),
    /// `participant_joined`
    ParticipantJoined(ParticipantEvent),
    /// `participant_updated`
    ParticipantUpdated(ParticipantEvent),
    /// `participant_left`
    ParticipantLeft(ParticipantLeftEvent),
    /// `provider_changed`
    ProviderChanged(ProviderChangedEvent),
    /// `bye`: the stream ends.
    Bye(ByeEvent),
    /// One that this client does not know.
    Other,
}

/// An event with all that came with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// What it says.
    pub event: Event,
    /// Its name: the value of `event`.
    pub name: String,
    /// Its JSON, one line, as it came.
    pub json: String,
}

impl Event {
    /// Reads an event of a stream of rooms (`of_room`) or of providers.
    pub(super) fn read(message: &Message, of_room: bool) -> serde_json::Result<Self> {
        fn as_one<T: DeserializeOwned>(message: &Message, variant: fn(T) -> Event) -> serde_json::Result<Event> {
            serde_json::from_str(&message.data).map(variant)
        }
        match message.event.as_str() {
            "snapshot" if of_room => as_one(message, Self::RoomSnapshot),
            "snapshot" => as_one(message, Self::Snapshot),
            "session_started" => as_one(message, Self::SessionStarted),
            "session_updated" => as_one(message, Self::SessionUpdated),
            "session_ended" => as_one(message, Self::SessionEnded),
            "participant_joined" => as_one(message, Self::ParticipantJoined),
            "participant_updated" => as_one(message, Self::ParticipantUpdated),
            "participant_left" => as_one(message, Self::ParticipantLeft),
            "provider_changed" => as_one(message, Self::ProviderChanged),
            "bye" => as_one(message, Self::Bye),
            _ => Ok(Self::Other),
        }
    }
}
