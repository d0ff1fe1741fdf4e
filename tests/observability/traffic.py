"""What callers do all day, their mistakes included. Every loop is bounded."""

import http.client
import json
import threading
import time
import urllib.parse


class Caller:
    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = urllib.parse.urlsplit(base), token

    def ask(self, method: str, path: str, body: object = None, token: str | None = None, **headers: str):
        """The status and the JSON of one answer."""
        connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=10)
        token = self.token if token is None else token
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers.setdefault("content-type", "application/json")
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def get(self, path: str, **headers: str):
        return self.ask("GET", path, **headers)

    def follow(self, path: str, seconds: float) -> None:
        """Reads an event stream for so long, beside everything else."""

        def read() -> None:
            connection = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=seconds)
            connection.request("GET", path, headers={"authorization": f"Bearer {self.token}"})
            stream, end = connection.getresponse(), time.monotonic() + seconds
            try:
                while time.monotonic() < end and stream.readline():
                    pass
            except OSError:
                pass
            connection.close()

        threading.Thread(target=read, daemon=True).start()


def everyday(caller: Caller, reader: Caller) -> None:
    """One round of reads, mutations and mistakes. `reader` may not moderate."""
    status, live = caller.get("/v1/live-sessions")
    assert status == 200, live
    by_kind = {row["kind"]: row for row in live["data"]}
    for kind, row in by_kind.items():
        room = f"/v1/live-sessions/{row['provider']}/{row['room_id']}"
        for path in (room, f"{room}/participants", room):
            caller.get(path)
        caller.get(room, **{"cache-control": "no-cache"})
        caller.get(f"/v1/sessions?provider={row['provider']}&room_id={row['room_id']}")
        caller.ask("POST", f"{room}/polls", {"question": "Are we live?", "options": ["yes", "no"]})
        caller.ask("POST", f"{room}/kick", {"custom_participant_ids": ["nobody"]})
        reader.ask("POST", f"{room}/kick-all")
        caller.get(f"/v1/live-sessions/{row['provider']}/no-such-room")
    for path in ("/v1/providers", "/v1/sessions", "/v1/live-sessions?limit=0", "/nowhere", "/v1/live-sessions/zoom/room", "/v1/sessions/huddle01/some-session"):
        caller.get(path)
    caller.ask("GET", "/v1/live-sessions", token="")
    for _ in range(25):
        caller.get("/v1/live-sessions")


def forged(port: int) -> None:
    """A webhook that a stranger made."""
    signature = f"t={int(time.time())},sha256={'0' * 64}"
    stranger = Caller(f"http://127.0.0.1:{port}", "")
    stranger.ask("POST", "/v1/webhooks/huddle01", b'{"id":"x"}', **{"huddle01-signature": signature})
