"""The generated client as a service would use it: list, page, look, act."""

from places import WithClients, answer_of
from rollcall_client.api.live_sessions import get_live_session, list_live_participants, list_live_sessions
from rollcall_client.api.moderation import create_poll, kick_participants
from rollcall_client.api.providers import list_providers
from rollcall_client.api.sessions import list_session_participants, list_sessions
from rollcall_client.models.create_poll_request import CreatePollRequest
from rollcall_client.models.kick_request import KickRequest
from rollcall_client.models.kick_result import KickResult
from rollcall_client.models.live_session_page import LiveSessionPage
from rollcall_client.models.participant import Participant
from rollcall_client.models.participant_page import ParticipantPage
from rollcall_client.models.poll import Poll
from rollcall_client.models.provider_list import ProviderList
from rollcall_client.models.provider_outcome_status import ProviderOutcomeStatus
from rollcall_client.models.session import Session
from rollcall_client.models.session_include import SessionInclude
from rollcall_client.models.session_page import SessionPage
from rollcall_client.models.session_status import SessionStatus
from rollcall_client.models.session_status_filter import SessionStatusFilter
from rollcall_client.types import UNSET, Unset


class Walk(WithClients):
    def live_on(self, provider: str) -> Session:
        """By a list that is not older than the question: rooms of the demo end."""
        answer = list_live_sessions.sync_detailed(
            client=self.client, provider=[provider], limit=1, cache_control="no-cache"
        )
        return answer_of(LiveSessionPage, answer).data[0]

    def people_of(self, session: Session, limit: int = 100) -> list[Participant]:
        """Everybody, over as many pages as it takes."""
        people: list[Participant] = []
        cursor: str | Unset = UNSET
        while True:
            answer = list_live_participants.sync_detailed(
                session.provider, session.room_id, client=self.client, limit=limit, cursor=cursor
            )
            page = answer_of(ParticipantPage, answer)
            people += page.data
            if page.page.next_cursor is None:
                return people
            cursor = page.page.next_cursor

    def test_providers_say_what_they_can_do(self) -> None:
        providers = {one.kind: one for one in answer_of(ProviderList, list_providers.sync_detailed(client=self.client)).data}
        self.assertFalse(providers["huddle01"].capabilities.create_poll)
        self.assertTrue(providers["realtimekit"].capabilities.create_poll)

    def test_lists_what_is_live_page_by_page(self) -> None:
        whole = answer_of(LiveSessionPage, list_live_sessions.sync_detailed(client=self.client))
        self.assertTrue(whole.complete)
        self.assertEqual({session.kind for session in whole.data}, {"huddle01", "realtimekit"})
        seen: set[tuple[str, str]] = set()
        cursor: str | Unset = UNSET
        while True:
            answer = list_live_sessions.sync_detailed(client=self.client, limit=2, cursor=cursor)
            page = answer_of(LiveSessionPage, answer)
            rooms = {(session.provider, session.room_id) for session in page.data}
            self.assertFalse(rooms & seen, "each session once")
            seen |= rooms
            if page.page.next_cursor is None:
                break
            cursor = page.page.next_cursor
        self.assertGreaterEqual(len(seen), 4)

    def test_gets_what_costs_further_calls_where_it_is_asked_for(self) -> None:
        include = [SessionInclude.PARTICIPANT_COUNT, SessionInclude.MEDIA_COUNTS]
        answer = list_live_sessions.sync_detailed(client=self.client, provider=["realtimekit"], include=include)
        for session in answer_of(LiveSessionPage, answer).data:
            self.assertIsInstance(session.participant_count, int)
            self.assertIsInstance(session.recording_count, int)

    def test_gets_one_session_and_who_is_in_it(self) -> None:
        for provider in ["huddle01", "realtimekit"]:
            listed = self.live_on(provider)
            answer = get_live_session.sync_detailed(provider, listed.room_id, client=self.client)
            session = answer_of(Session, answer)
            self.assertEqual((session.room_id, session.status), (listed.room_id, SessionStatus.LIVE))
            self.assertLess(session.started_at or session.fetched_at, session.fetched_at)
            connections = {person.connection_id for person in self.people_of(session, limit=1)}
            self.assertTrue(connections)

    def test_kicks_one_who_is_then_gone(self) -> None:
        session = self.live_on("realtimekit")
        target = self.people_of(session)[0].participant_id
        assert target is not None
        kick = KickRequest(participant_ids=[target])
        answer = kick_participants.sync_detailed(session.provider, session.room_id, client=self.client, body=kick)
        self.assertIn(target, [one.participant_id for one in answer_of(KickResult, answer).kicked])
        self.assertNotIn(target, [person.participant_id for person in self.people_of(session)])

    def test_creates_a_poll(self) -> None:
        session = self.live_on("realtimekit")
        body = CreatePollRequest(question="Ship on Friday?", options=["Yes", "No"], anonymous=True)
        poll = answer_of(Poll, create_poll.sync_detailed(session.provider, session.room_id, client=self.client, body=body))
        self.assertEqual([option.text for option in poll.options], ["Yes", "No"])
        self.assertIs(poll.anonymous, True)

    def test_walks_the_history(self) -> None:
        seen: set[str] = set()
        cursor: str | Unset = UNSET
        while len(seen) < 4:
            answer = list_sessions.sync_detailed(
                client=self.client, status=SessionStatusFilter.ENDED, limit=2, cursor=cursor
            )
            page = answer_of(SessionPage, answer)
            outcomes = {entry.provider: entry.status for entry in page.providers}
            self.assertEqual(outcomes["huddle01"], ProviderOutcomeStatus.UNSUPPORTED)
            for session in page.data:
                assert session.session_id is not None and session.ended_at is not None
                self.assertNotIn(session.session_id, seen)
                seen.add(session.session_id)
                people = list_session_participants.sync_detailed(session.provider, session.session_id, client=self.client)
                self.assertTrue(answer_of(ParticipantPage, people).data)
            if page.page.next_cursor is None:
                break
            cursor = page.page.next_cursor
        self.assertGreaterEqual(len(seen), 2)
