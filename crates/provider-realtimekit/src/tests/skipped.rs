//! The recorded bodies that this crate does not read, each with the reason.

const WEBHOOK: &str = "a webhook; the routes for them are reserved for later";
const SUBSCRIPTION: &str = "management of webhooks, which no operation needs";
const MUTE: &str = "muting is no operation (docs/upstream/realtimekit.md quirk 5)";
const HISTORY: &str = "chat, transcripts, summaries and reports of single peers are no operations";
const ENROLMENT: &str = "meetings, enrolment and apps are no operations";
const ONE_ROOM: &str = "recordings and live streams are counted for the whole account at once, not room by room";

pub(super) const NAMES: &[(&str, &str)] = &[
    ("session-participant.200.json", HISTORY),
    ("peer-report.200.json", HISTORY),
    ("session-chat.200.json", HISTORY),
    ("session-transcript.200.json", HISTORY),
    ("session-summary.200.json", HISTORY),
    ("session-summary-generate.200.json", HISTORY),
    ("session-summary-generate.200.legacy.json", HISTORY),
    ("mute.200.json", MUTE),
    ("mute-all.200.json", MUTE),
    ("meetings.200.json", ENROLMENT),
    ("meetings.200.empty.json", ENROLMENT),
    ("meeting.200.json", ENROLMENT),
    ("create-meeting.201.json", ENROLMENT),
    ("meeting-participants.200.json", ENROLMENT),
    ("add-participant.201.json", ENROLMENT),
    ("active-recording.200.json", ONE_ROOM),
    ("active-livestream.200.json", ONE_ROOM),
    ("active-livestream.200.disabled-text.json", ONE_ROOM),
    ("start-livestream.201.json", ONE_ROOM),
    ("stop-livestream.200.json", ONE_ROOM),
    ("webhooks.200.list.json", SUBSCRIPTION),
    ("webhook.200.json", SUBSCRIPTION),
    ("webhook.201.json", SUBSCRIPTION),
    ("apps.200.json", ENROLMENT),
    ("webhooks/meeting.started.json", WEBHOOK),
    ("webhooks/meeting.started.v1-room.json", WEBHOOK),
    ("webhooks/meeting.ended.json", WEBHOOK),
    ("webhooks/meeting.ended.host.json", WEBHOOK),
    ("webhooks/meeting.participant-joined.json", WEBHOOK),
    ("webhooks/meeting.participant-left.json", WEBHOOK),
    ("webhooks/meeting.chat-synced.json", WEBHOOK),
    ("webhooks/recording.status.recording.json", WEBHOOK),
    ("webhooks/recording.status.uploading.json", WEBHOOK),
    ("webhooks/recording.status.uploaded.json", WEBHOOK),
    ("webhooks/recording.status.uploaded.stop-reason-text.json", WEBHOOK),
    ("webhooks/livestreaming.status.live.json", WEBHOOK),
    ("webhooks/livestreaming.status.offline.minimal.json", WEBHOOK),
    ("webhooks/meeting.transcript.json", WEBHOOK),
    ("webhooks/meeting.summary.json", WEBHOOK),
    ("webhooks/unknown.event.json", WEBHOOK),
    ("webhook-public-key.200.json", SUBSCRIPTION),
    ("webhooks/signed/01-meeting-started.json", WEBHOOK),
    ("webhooks/signed/02-participant-joined.unicode.json", WEBHOOK),
    ("webhooks/signed/03-meeting-ended.pretty-body.json", WEBHOOK),
    ("webhooks/signed/04-retry-same-body-new-uuid.json", WEBHOOK),
    ("webhooks/signed/05-legacy-dyte-headers.json", WEBHOOK),
    ("webhooks/signed/neg-signed-over-reserialised.json", WEBHOOK),
    ("webhooks/signed/neg-tampered-body.json", WEBHOOK),
];
