"""Following what is live: typed events, and no gap after a reconnect."""

from event_stream import events_of
from places import WithClients, answer_of
from rollcall_client.api.moderation import kick_all_participants
from rollcall_client.models.kick_all_result import KickAllResult
from rollcall_client.models.session import Session
from rollcall_client.models.session_ended_event import SessionEndedEvent
from rollcall_client.models.snapshot_event import SnapshotEvent


class Events(WithClients):
    def test_show_a_session_that_ends_and_go_on_behind_the_last_one_that_was_read(self) -> None:
        live: list[Session] = []
        last_read: str | None = None
        for event in events_of(self.client, "realtimekit"):
            assert isinstance(event.data, SnapshotEvent), event
            live += event.data.data
            last_read = event.id
            if event.data.last:
                break
        fullest = max(live, key=lambda session: session.participant_count or 0)
        # Without a body the generated function fails: None is sent as null, which is as good.
        answer = kick_all_participants.sync_detailed(fullest.provider, fullest.room_id, client=self.client, body=None)
        self.assertGreater(answer_of(KickAllResult, answer).kicked_count or 0, 1)

        for event in events_of(self.client, "realtimekit", last_read):
            self.assertNotIsInstance(event.data, SnapshotEvent, "what is known is not told again")
            if isinstance(event.data, SessionEndedEvent) and event.data.room_id == fullest.room_id:
                return
        self.fail("the stream ended")
