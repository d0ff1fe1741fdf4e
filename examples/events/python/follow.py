"""Follows what is live on every provider and prints it as one line of JSON after each event. For Python 3.9 or later, with
nothing else. ROLLCALL_URL is the gateway, ROLLCALL_TOKEN_FILE holds a token with `sessions:read`."""

import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

# A connection on which nothing came for so many seconds is dead: a comment comes every 15 s.
SILENCE = 45


class Live:
    """What is known of each provider. The sessions of one that fails are unknown, not over."""

    def __init__(self):
        self.providers = {}

    def apply(self, event, data):
        known = self.providers.setdefault(data["provider"], {"status": "failed", "rooms": {}})
        rooms = known["rooms"]
        if event == "snapshot":  # In pieces: the first clears what was known.
            if data["first"]:
                rooms.clear()
            known["status"] = data["entry"]["status"]
            rooms.update((session["room_id"], session) for session in data["data"])
        elif event == "session_started":
            rooms[data["session"]["room_id"]] = data["session"]
        elif event == "session_updated":
            rooms.get(data["room_id"], {}).update(data["changes"])
        elif event == "session_ended":
            rooms.pop(data["room_id"], None)
        elif event == "provider_changed":  # After a failure a snapshot comes.
            known["status"] = data["entry"]["status"]
            if known["status"] == "failed":
                rooms.clear()


def events(stream):
    """The fields of each event, as they come. A line without a name is a comment."""
    fields = {}
    for line in stream:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        else:
            yield fields
            fields = {}


def follow(url, token, changed):
    """Calls `changed` after each event. Connects again whenever the stream ends, and goes on where it was."""
    live, last_event_id = Live(), None
    while True:
        wait = random.uniform(1, 5)  # Unless we are told.
        headers = {"Authorization": f"Bearer {token()}"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/events", headers=headers), timeout=SILENCE) as stream:
                for fields in events(stream):
                    if "retry" in fields:
                        wait = int(fields["retry"]) / 1000
                    if "event" not in fields:
                        continue
                    if fields["event"] != "bye":
                        live.apply(fields["event"], json.loads(fields["data"]))
                    last_event_id = fields.get("id", last_event_id)  # Pieces of a snapshot but the last have none.
                    changed(live)
        except urllib.error.HTTPError as refused:
            wait = float(refused.headers.get("Retry-After") or wait)
            print(f"{refused}: {refused.read().decode()}", file=sys.stderr)
        except (OSError, http.client.HTTPException) as broken:
            print(broken, file=sys.stderr)
        time.sleep(wait)


def main():
    url = os.environ.get("ROLLCALL_URL", "http://127.0.0.1:8080")
    path = os.environ.get("ROLLCALL_TOKEN_FILE", "token")

    def token():
        with open(path) as file:
            return file.read().strip()

    def show(live):
        states = {id: {"status": known["status"], "live": list(known["rooms"].values())} for id, known in live.providers.items()}
        print(json.dumps(states), flush=True)

    follow(url, token, show)


if __name__ == "__main__":
    main()
