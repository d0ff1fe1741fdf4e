"""Whatever goes wrong is a `Problem`: one type, and the code says what to do."""

from places import DEMO, IMPAIRED, Place, WithClients, answer_of, problem_of
from rollcall_client.api.events import stream_events
from rollcall_client.api.live_sessions import get_live_session, list_live_participants, list_live_sessions
from rollcall_client.api.moderation import create_poll, kick_all_participants, kick_participants
from rollcall_client.api.sessions import get_session
from rollcall_client.models.create_poll_request import CreatePollRequest
from rollcall_client.models.kick_all_request import KickAllRequest
from rollcall_client.models.kick_request import KickRequest
from rollcall_client.models.live_session_page import LiveSessionPage
from rollcall_client.models.partial_policy import PartialPolicy
from rollcall_client.models.problem_code import ProblemCode

NOBODYS_SESSION = "11111111-2222-4333-8444-555555555555"


class Problems(WithClients):
    def test_401_for_a_token_of_elsewhere(self) -> None:
        with Place(DEMO.url, IMPAIRED.token).client() as stranger:
            answer = list_live_sessions.sync_detailed(client=stranger)
        problem_of(answer, 401, ProblemCode.UNAUTHENTICATED)
        self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))

    def test_403_for_one_who_may_only_read(self) -> None:
        kick = KickRequest(participant_ids=["someone"])
        answer = kick_participants.sync_detailed("huddle01", "any-room", client=self.reader, body=kick)
        self.assertIn("sessions:moderate", problem_of(answer, 403, ProblemCode.INSUFFICIENT_SCOPE).detail)

    def test_404_for_what_is_not_there(self) -> None:
        unknown = get_live_session.sync_detailed("nobodys", "any-room", client=self.client)
        problem_of(unknown, 404, ProblemCode.PROVIDER_NOT_FOUND)
        idle = list_live_participants.sync_detailed("realtimekit", "nobody-is-here", client=self.client)
        self.assertEqual(problem_of(idle, 404, ProblemCode.SESSION_NOT_LIVE).provider, "realtimekit")
        session = get_session.sync_detailed("realtimekit", NOBODYS_SESSION, client=self.client)
        problem_of(session, 404, ProblemCode.SESSION_NOT_FOUND)
        # Only a stream that is there has no end.
        problem_of(stream_events.sync_detailed(client=self.client, provider=["nobodys"]), 404, ProblemCode.PROVIDER_NOT_FOUND)

    def test_400_names_what_is_wrong(self) -> None:
        limit = list_live_sessions.sync_detailed(client=self.client, limit=100_000)
        self.assertEqual(problem_of(limit, 400, ProblemCode.INVALID_REQUEST).errors[0].field, "limit")
        cursor = list_live_sessions.sync_detailed(client=self.client, cursor="made-up")
        problem_of(cursor, 400, ProblemCode.INVALID_CURSOR)

    def test_409_when_another_session_runs(self) -> None:
        listed = list_live_sessions.sync_detailed(
            client=self.client, provider=["realtimekit"], limit=1, cache_control="no-cache"
        )
        room = answer_of(LiveSessionPage, listed).data[0].room_id
        body = KickAllRequest(expected_session_id=NOBODYS_SESSION)
        answer = kick_all_participants.sync_detailed("realtimekit", room, client=self.client, body=body)
        self.assertFalse(problem_of(answer, 409, ProblemCode.SESSION_CHANGED).retryable)

    def test_422_for_a_key_with_another_body(self) -> None:
        for who, status, code in [
            ("one", 404, ProblemCode.SESSION_NOT_LIVE),
            ("another", 422, ProblemCode.IDEMPOTENCY_KEY_REUSED),
        ]:
            kick = KickRequest(custom_participant_ids=[who])
            answer = kick_participants.sync_detailed(
                "realtimekit", "nobody-is-here", client=self.client, body=kick, idempotency_key="python-422"
            )
            problem_of(answer, status, code)

    def test_501_for_what_a_provider_cannot_do(self) -> None:
        body = CreatePollRequest(question="Tea or coffee?", options=["tea", "coffee"])
        answer = create_poll.sync_detailed("huddle01", "any-room", client=self.client, body=body)
        self.assertFalse(problem_of(answer, 501, ProblemCode.CAPABILITY_UNSUPPORTED).retryable)

    def test_503_when_a_provider_fails_and_the_others_go_on(self) -> None:
        for number in range(10):
            answer = get_live_session.sync_detailed("realtimekit", f"room-{number}", client=self.reader)
            if answer.status_code != 502:
                break
            self.assertTrue(problem_of(answer, 502, ProblemCode.PROVIDER_ERROR).retryable)
        problem = problem_of(answer, 503, ProblemCode.PROVIDER_UNAVAILABLE)
        assert problem.retryable and problem.retry_after_seconds is not None
        self.assertEqual(answer.headers["retry-after"], str(problem.retry_after_seconds))

        page = answer_of(LiveSessionPage, list_live_sessions.sync_detailed(client=self.reader))
        self.assertFalse(page.complete)
        failed = [entry.problem for entry in page.providers if entry.provider == "realtimekit"]
        assert failed[0] is not None
        self.assertEqual(failed[0].code, ProblemCode.PROVIDER_UNAVAILABLE)
        whole = list_live_sessions.sync_detailed(client=self.reader, partial=PartialPolicy.FORBID)
        self.assertEqual(len(problem_of(whole, 503, ProblemCode.PROVIDER_UNAVAILABLE).providers or []), 2)
