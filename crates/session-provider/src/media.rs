//! Running recordings and live streams, counted for a whole account at once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::RoomId;

/// How much is being recorded and streamed in one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MediaCounts {
    /// Recordings under way in the room, paused ones included.
    pub recordings: u64,
    /// Live streams of the room that are on air.
    pub livestreams: u64,
}

/// What is being recorded and streamed in an account. A room that is not in it has nothing running.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LiveMedia {
    rooms: HashMap<RoomId, MediaCounts>,
}

impl LiveMedia {
    /// Counts one more running recording of the room.
    pub fn add_recording(&mut self, room: RoomId) {
        self.rooms.entry(room).or_default().recordings += 1;
    }

    /// Counts one more running live stream of the room.
    pub fn add_livestream(&mut self, room: RoomId) {
        self.rooms.entry(room).or_default().livestreams += 1;
    }

    /// What runs in the room.
    #[must_use]
    pub fn in_room(&self, room: &RoomId) -> MediaCounts {
        self.rooms.get(room).copied().unwrap_or_default()
    }

    /// How many rooms have anything running.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Whether nothing runs anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }
}
