"""Followers of events catch up by themselves when the gateway is killed, when it is told to end, and when a provider is gone."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples/events"
sys.path.insert(0, str(EXAMPLES / "python"))
sys.dont_write_bytecode = True
import follow  # noqa: E402

ROLLCALL = os.environ["ROLLCALL"]
PATIENCE = 60
# What makes no event by itself (docs/events.md).
NO_EVENT = {"fetched_at", "stale", "updated_at", "minutes_consumed"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, is_so):
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"not within {PATIENCE} s: {what}")
        time.sleep(0.02)


class Process:
    """A program that is started again with the same arguments."""

    def __init__(self, *command):
        self.command = command
        self.start()

    def start(self):
        self.running = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self, how):
        self.running.send_signal(how)
        self.running.wait(PATIENCE)


class Example:
    """An example that prints what it knows after each event."""

    def __init__(self, name, command, environment):
        self.name, self.lines, self.latest, self.failed = name, 0, {}, set()
        self.running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.running.stdout:
            latest = json.loads(line)
            self.failed |= {provider for provider, known in latest.items() if known["status"] == "failed"}
            self.latest, self.lines = latest, self.lines + 1

    def live(self):
        return comparable(session for known in self.latest.values() for session in known["live"])


class Strict(follow.Live):
    """Follows by the same rules, and notes every change that is lost or comes twice."""

    latest, lines, faults, gone = None, 0, [], None

    def __init__(self):
        super().__init__()
        Strict.latest = self

    def apply(self, event, data):
        rooms = self.providers.get(data["provider"], {}).get("rooms", {})
        if event == "session_started" and data["session"]["room_id"] in rooms:
            Strict.faults.append(f"begun twice: {data}")
        if event in ("session_updated", "session_ended") and data["room_id"] not in rooms:
            Strict.faults.append(f"{event} of a session that is not known: {data}")
        if event == "session_ended" and data["provider"] == Strict.gone:
            Strict.faults.append(f"ended although nobody answers: {data}")
        super().apply(event, data)
        Strict.lines += 1



def comparable(sessions):
    known = ({name: value for name, value in session.items() if name not in NO_EVENT} for session in sessions)
    return sorted(known, key=lambda session: (session["provider"], session["room_id"]))


class Gateway:
    def __init__(self, folder):
        self.simulators = {kind: self.simulator(kind, free_port()) for kind in ("huddle01", "realtimekit")}
        self.url = f"http://127.0.0.1:{free_port()}"
        config = folder / "rollcall.toml"
        config.write_text(
            f"""
[server]
listen = "{self.url.removeprefix("http://")}"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "tests"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"
max_token_age = "1h"
[cache]
fresh_for = "200ms"
revalidate_for = "500ms"
stale_for = "2s"
[events]
poll_for = "250ms"
[log]
level = "error"
[providers.huddle01]
kind = "huddle01"
api_key = "key"
base_url = "{self.simulators["huddle01"].base_url}"
budget = {{ requests = 1000, per = "1s" }}
[providers.realtimekit]
kind = "realtimekit"
account_id = "account"
app_id = "app"
api_token = "token"
base_url = "{self.simulators["realtimekit"].base_url}"
budget = {{ requests = 1000, per = "1s" }}
"""
        )
        sign = [ROLLCALL, "token", "--config", config, "--sub", "tests", "--scope", "sessions:read", "--ttl", "1h"]
        self.token = subprocess.run(sign, check=True, capture_output=True, text=True).stdout.strip()
        self.process = Process(ROLLCALL, "serve", "--config", config)
        until("the gateway answers", lambda: self.get("/healthz") is not None)

    @staticmethod
    def simulator(kind, port):
        simulator = Process(ROLLCALL, "simulate", kind, "--listen", f"127.0.0.1:{port}")
        path = {"huddle01": "/api/v2/sdk", "realtimekit": "/client/v4"}[kind]
        simulator.base_url = f"http://127.0.0.1:{port}{path}"
        return simulator

    def get(self, path, **headers):
        """The answer, or nothing while it is down."""
        headers["Authorization"] = f"Bearer {getattr(self, 'token', '')}"
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=5) as answer:
                return answer.read()
        except (OSError, follow.http.client.HTTPException):
            return None

    def live(self):
        answer = json.loads(self.get("/v1/live-sessions?limit=1000", **{"Cache-Control": "no-cache"}) or "{}")
        whole = answer and all(entry["status"] == "ok" for entry in answer["providers"])
        return comparable(answer["data"]) if whole else None


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        gateway = Gateway(folder)
        (folder / "token").write_text(gateway.token)
        environment = {**os.environ, "ROLLCALL_URL": gateway.url, "ROLLCALL_TOKEN_FILE": str(folder / "token")}
        examples = [
            Example("TypeScript", ["node", EXAMPLES / "typescript/dist/follow.js"], environment),
            Example("Python", [sys.executable, EXAMPLES / "python/follow.py"], environment),
            Example("Rust", [os.environ["FOLLOW"]], environment),
        ]
        processes = [gateway.process, *gateway.simulators.values(), *examples]
        try:
            scenes(gateway, examples)
        finally:
            for process in processes:
                process.running.kill()
    print("examples in TypeScript, Python and Rust caught up with everything")


def scenes(gateway, examples):
    follow.Live = Strict
    follow.sys.stderr = open(os.devnull, "w")
    strict = threading.Thread(target=follow.follow, args=(gateway.url, lambda: gateway.token, lambda _: None), daemon=True)
    strict.start()
    # Readers who ask all the time, also while there is nobody to answer.
    def ask():
        while True:
            gateway.get("/v1/live-sessions")
            time.sleep(0.01)

    for _ in range(2):
        threading.Thread(target=ask, daemon=True).start()

    def catch_up(when):
        begun = time.monotonic()
        seen = {example.name: example.lines for example in examples}
        lines = Strict.lines
        missing = set(seen) | {"strict"}

        def all_agree():
            # What is live changes all the time; the events of an answer are there a moment after it.
            listed = gateway.live()
            moment = time.monotonic() + 0.2
            while listed is not None and missing and time.monotonic() < moment:
                for example in examples:
                    if example.lines > seen[example.name] and example.live() == listed:
                        missing.discard(example.name)
                known = [session for one in Strict.latest.providers.values() for session in list(one["rooms"].values())]
                if Strict.lines > lines and comparable(known) == listed:
                    missing.discard("strict")
                time.sleep(0.01)
            return not missing

        until(f"the followers know what is live {when}", all_agree)
        print(f"{when}: all know what is live after {time.monotonic() - begun:.1f} s")

    catch_up("at first")
    for how, name in ((signal.SIGKILL, "killed"), (signal.SIGTERM, "told to end")):
        gateway.process.end(how)
        gateway.process.start()
        catch_up(f"when the gateway was {name}")

    simulator = gateway.simulators["realtimekit"]
    for example in examples:
        example.failed.clear()
    Strict.gone = "realtimekit"
    simulator.end(signal.SIGKILL)
    until("the followers say that a provider failed", lambda: all("realtimekit" in example.failed for example in examples))
    assert all(not example.latest["realtimekit"]["live"] for example in examples), "unknown, not kept"
    Strict.gone = None
    simulator.start()
    catch_up("when a provider was gone")
    if Strict.faults:
        raise SystemExit("\n".join(Strict.faults))


if __name__ == "__main__":
    main()
