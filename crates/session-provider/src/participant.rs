//! Participants: the people in a session.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, CustomParticipantId, ParticipantId, RawJson, Timestamp};

/// One connection of a person to a session. `None` always means that the provider did not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    /// The id that a kick takes; `None` when this row cannot be addressed.
    pub participant_id: Option<ParticipantId>,
    /// This connection; a person who joined twice has two.
    pub connection_id: ConnectionId,
    /// The customer's own name for the person.
    pub custom_participant_id: Option<CustomParticipantId>,
    /// The name shown to others.
    pub display_name: Option<String>,
    /// What the person may do, as the provider names it: a role or the name of a preset.
    pub role: Option<String>,
    /// When the connection was made.
    pub joined_at: Option<Timestamp>,
    /// When it ended; `None` while it lasts.
    pub left_at: Option<Timestamp>,
    /// Whatever the customer attached, to the digit. JSON in a text is unwrapped once; unparsable text stays text.
    #[serde(with = "crate::as_text::json")]
    pub metadata: Option<RawJson>,
}

/// The participants of one session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ParticipantList {
    /// The rows, in no particular order.
    pub participants: Vec<Participant>,
    /// The provider's own figure, which may differ from the number of rows.
    pub reported_count: Option<u64>,
    /// Rows that had no usable id and were left out.
    pub dropped: u64,
}
