//! The rows as they travel. Every field is optional and of any type; the mapping decides what is usable.

use lenient_json::{Raw, moment, object_fields};
use serde::Serialize;
use serde_json::value::RawValue;
use session_provider::{CustomParticipantId, ParticipantId, Timestamp};

/// Defines an object of which some members are read: `field = "name"`.
macro_rules! row {
    ($(#[$doc:meta])* $row:ident { $($field:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(crate) struct $row<'a> {
            $(pub(crate) $field: Raw<'a>),+
        }

        impl<'a> $row<'a> {
            /// `None` when the value is not an object.
            pub(crate) fn read(value: &'a RawValue) -> Option<Self> {
                let [$($field),+] = object_fields(value, [$($name),+])?;
                Some(Self { $($field),+ })
            }
        }
    };
}

row! {
    /// A session, live or ended, or a breakout room (`docs/upstream/realtimekit.md` §2).
    SessionRow {
        id = "id",
        associated_id = "associated_id",
        meeting_display_name = "meeting_display_name",
        session_type = "type",
        status = "status",
        live_participants = "live_participants",
        max_concurrent_participants = "max_concurrent_participants",
        minutes_consumed = "minutes_consumed",
        organization_id = "organization_id",
        started_at = "started_at",
        created_at = "created_at",
        updated_at = "updated_at",
        ended_at = "ended_at",
        breakout_rooms = "breakout_rooms",
        meta = "meta",
        metadata = "metadata",
    }
}

row! {
    /// A participant of a session: one connection of a person (`docs/upstream/realtimekit.md` §3 Sessions, quirk 28).
    ParticipantRow {
        id = "id",
        user_id = "user_id",
        custom_participant_id = "custom_participant_id",
        display_name = "display_name",
        preset_name = "preset_name",
        joined_at = "joined_at",
        left_at = "left_at",
        meta = "meta",
        metadata = "metadata",
    }
}

row! {
    /// `data` of the answers that hold an object, or a short list, under a name of its own.
    Data {
        session = "session",
        participants = "participants",
        poll = "poll",
        kicked_participants_count = "kicked_participants_count",
    }
}

row! {
    /// Beside or inside `data` (`docs/upstream/realtimekit.md` §4).
    PagingRow { total_count = "total_count", start_offset = "start_offset", end_offset = "end_offset" }
}

row! {
    /// A person who was kicked.
    KickedRow {
        id = "id",
        name = "name",
        email = "email",
        picture = "picture",
        created_at = "created_at",
        updated_at = "updated_at",
    }
}

row! {
    PollRow {
        id = "id",
        question = "question",
        options = "options",
        anonymous = "anonymous",
        hide_votes = "hide_votes",
        created_by = "created_by",
        voted = "voted",
    }
}

row! {
    /// One answer of a poll.
    PollOptionRow { text = "text", count = "count", votes = "votes" }
}

row! {
    PollVoteRow { id = "id", name = "name" }
}

row! {
    /// A recording; also the `meeting` in it, of which only the id matters.
    RecordingRow { id = "id", status = "status", meeting = "meeting", meeting_id = "meeting_id" }
}

row! {
    /// A live stream. Its `stream_key` and `ingest_server` are secrets and are not read.
    LivestreamRow { id = "id", status = "status", meeting_id = "meeting_id", paging = "paging" }
}

/// A time that is set and can be read.
pub(crate) fn time(field: Raw<'_>, now: Timestamp) -> Option<Timestamp> {
    moment(field, now.unix_ms()).unix_ms().and_then(Timestamp::from_unix_ms)
}

/// The body of a kick: both arrays are always sent, one may be empty (`docs/upstream/realtimekit.md` quirk 6).
#[derive(Debug, Serialize)]
pub(crate) struct KickBody<'a> {
    pub(crate) participant_ids: &'a [ParticipantId],
    pub(crate) custom_participant_ids: &'a [CustomParticipantId],
}

/// The body of a new poll.
#[derive(Debug, Serialize)]
pub(crate) struct PollBody<'a> {
    pub(crate) question: &'a str,
    pub(crate) options: &'a [String],
    pub(crate) anonymous: bool,
    pub(crate) hide_votes: bool,
}
