//! The rows as they travel. Every field is optional and of any type; the mapping decides what is usable.

use serde::{Deserialize, Serialize};

use crate::raw::Raw;

/// A session, live or ended, or a breakout room (`upstream/realtimekit.md` §2).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SessionRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) associated_id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meeting_display_name: Raw<'a>,
    #[serde(borrow, rename = "type")]
    pub(crate) session_type: Raw<'a>,
    #[serde(borrow)]
    pub(crate) status: Raw<'a>,
    #[serde(borrow)]
    pub(crate) live_participants: Raw<'a>,
    #[serde(borrow)]
    pub(crate) max_concurrent_participants: Raw<'a>,
    #[serde(borrow)]
    pub(crate) minutes_consumed: Raw<'a>,
    #[serde(borrow)]
    pub(crate) organization_id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) started_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) created_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) updated_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) ended_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) breakout_rooms: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meta: Raw<'a>,
    #[serde(borrow)]
    pub(crate) metadata: Raw<'a>,
}

/// A participant of a session: one connection of a person (`upstream/realtimekit.md` §3 Sessions, quirk 28).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ParticipantRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) user_id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) custom_participant_id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) display_name: Raw<'a>,
    #[serde(borrow)]
    pub(crate) preset_name: Raw<'a>,
    #[serde(borrow)]
    pub(crate) joined_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) left_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meta: Raw<'a>,
    #[serde(borrow)]
    pub(crate) metadata: Raw<'a>,
}

/// `data` of the answers that hold a list or an object under a key of their own.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Data<'a> {
    #[serde(borrow)]
    pub(crate) session: Raw<'a>,
    #[serde(borrow)]
    pub(crate) sessions: Raw<'a>,
    #[serde(borrow)]
    pub(crate) participants: Raw<'a>,
    #[serde(borrow)]
    pub(crate) poll: Raw<'a>,
    #[serde(borrow)]
    pub(crate) kicked_participants_count: Raw<'a>,
    #[serde(borrow)]
    pub(crate) paging: Raw<'a>,
}

/// A person who was kicked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KickedRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) name: Raw<'a>,
    #[serde(borrow)]
    pub(crate) email: Raw<'a>,
    #[serde(borrow)]
    pub(crate) picture: Raw<'a>,
    #[serde(borrow)]
    pub(crate) created_at: Raw<'a>,
    #[serde(borrow)]
    pub(crate) updated_at: Raw<'a>,
}

/// A poll.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PollRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) question: Raw<'a>,
    #[serde(borrow)]
    pub(crate) options: Raw<'a>,
    #[serde(borrow)]
    pub(crate) anonymous: Raw<'a>,
    #[serde(borrow)]
    pub(crate) hide_votes: Raw<'a>,
    #[serde(borrow)]
    pub(crate) created_by: Raw<'a>,
    #[serde(borrow)]
    pub(crate) voted: Raw<'a>,
}

/// One answer of a poll.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PollOptionRow<'a> {
    #[serde(borrow)]
    pub(crate) text: Raw<'a>,
    #[serde(borrow)]
    pub(crate) count: Raw<'a>,
    #[serde(borrow)]
    pub(crate) votes: Raw<'a>,
}

/// One vote.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PollVoteRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) name: Raw<'a>,
}

/// A recording; also the `meeting` in it, of which only the id matters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordingRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) status: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meeting: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meeting_id: Raw<'a>,
}

/// A live stream. Its `stream_key` and `ingest_server` are secrets and are not read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LivestreamRow<'a> {
    #[serde(borrow)]
    pub(crate) id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) status: Raw<'a>,
    #[serde(borrow)]
    pub(crate) meeting_id: Raw<'a>,
    #[serde(borrow)]
    pub(crate) paging: Raw<'a>,
}

/// The body of a kick: both arrays are always sent, one may be empty (`upstream/realtimekit.md` quirk 6).
#[derive(Debug, Serialize)]
pub(crate) struct KickBody<'a> {
    pub(crate) participant_ids: &'a [session_provider::ParticipantId],
    pub(crate) custom_participant_ids: &'a [session_provider::CustomParticipantId],
}

/// The body of a new poll.
#[derive(Debug, Serialize)]
pub(crate) struct PollBody<'a> {
    pub(crate) question: &'a str,
    pub(crate) options: &'a [String],
    pub(crate) anonymous: bool,
    pub(crate) hide_votes: bool,
}
