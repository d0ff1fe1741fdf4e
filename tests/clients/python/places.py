"""The gateways that ../stage.py has started beside us, and clients of them."""

import os
import unittest
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from rollcall_client.client import AuthenticatedClient
from rollcall_client.models.problem import Problem
from rollcall_client.models.problem_code import ProblemCode
from rollcall_client.types import Response

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where a gateway is, and who we are there."""

    url: str
    token: str

    def client(self) -> AuthenticatedClient:
        """What is not in the document is an error, not an answer of None."""
        return AuthenticatedClient(base_url=self.url, token=self.token, raise_on_unexpected_status=True)


# Over both providers, with a token that may do everything.
DEMO = Place(os.environ["ROLLCALL_URL"], os.environ["ROLLCALL_TOKEN"])

# Whose RealtimeKit cannot be reached, with a token that may only read.
IMPAIRED = Place(os.environ["ROLLCALL_IMPAIRED_URL"], os.environ["ROLLCALL_IMPAIRED_TOKEN"])


class WithClients(unittest.TestCase):
    """Tests that share their connections."""

    client: ClassVar[AuthenticatedClient]
    reader: ClassVar[AuthenticatedClient]

    @classmethod
    def setUpClass(cls) -> None:
        cls.client = cls.enterClassContext(DEMO.client())
        cls.reader = cls.enterClassContext(IMPAIRED.client())


def answer_of(kind: type[T], response: Response[Any]) -> T:
    """The body, which is of this kind: a problem is shown in its place."""
    assert isinstance(response.parsed, kind), f"{response.status_code}: {response.parsed}"
    return response.parsed


def problem_of(response: Response[Any], status: int, code: ProblemCode) -> Problem:
    """The problem, which has this status and code."""
    problem = answer_of(Problem, response)
    assert (response.status_code, problem.status, problem.code) == (status, status, code), problem
    assert problem.request_id == response.headers["x-request-id"]
    return problem
