"""Asking again: cheaply, and without doing a thing twice."""

from places import WithClients, answer_of
from rollcall_client.api.live_sessions import list_live_sessions
from rollcall_client.api.moderation import create_poll
from rollcall_client.api.sessions import get_session, list_sessions
from rollcall_client.models.create_poll_request import CreatePollRequest
from rollcall_client.models.live_session_page import LiveSessionPage
from rollcall_client.models.poll import Poll
from rollcall_client.models.session import Session
from rollcall_client.models.session_page import SessionPage
from rollcall_client.models.session_status_filter import SessionStatusFilter


class Repeated(WithClients):
    def test_304_while_nothing_has_changed(self) -> None:
        ended = list_sessions.sync_detailed(
            client=self.client, provider=["realtimekit"], status=SessionStatusFilter.ENDED, limit=1
        )
        session_id = answer_of(SessionPage, ended).data[0].session_id
        assert session_id is not None
        first = get_session.sync_detailed("realtimekit", session_id, client=self.client)
        self.assertEqual(answer_of(Session, first).session_id, session_id)
        again = get_session.sync_detailed(
            "realtimekit", session_id, client=self.client, if_none_match=first.headers["etag"]
        )
        self.assertEqual((again.status_code, again.parsed, again.content), (304, None, b""))

    def test_the_same_key_gets_the_first_answer(self) -> None:
        listed = list_live_sessions.sync_detailed(
            client=self.client, provider=["realtimekit"], limit=1, cache_control="no-cache"
        )
        room = answer_of(LiveSessionPage, listed).data[0].room_id
        body = CreatePollRequest(question="Once?", options=["Yes", "No"])
        one, two = (
            answer_of(
                Poll,
                create_poll.sync_detailed("realtimekit", room, client=self.client, body=body, idempotency_key="python-poll"),
            )
            for _ in range(2)
        )
        self.assertEqual(two, one)
