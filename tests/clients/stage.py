"""Runs a command beside what a client's walk needs, and ends with its exit code: python3 stage.py COMMAND...

The command finds in its environment ROLLCALL_URL and ROLLCALL_TOKEN, a demo and a token that may do everything there; and
ROLLCALL_IMPAIRED_URL and ROLLCALL_IMPAIRED_TOKEN, a gateway whose RealtimeKit cannot be reached and a token that may only read.
ROLLCALL: the built program.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

ROLLCALL = os.environ["ROLLCALL"]
PATIENCE = 60

# Port 9 of this machine is nobody's: what is sent there is refused at once.
IMPAIRED = """
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "tests"
audience = "rollcall"
hs256_secret = "0123456789abcdef0123456789abcdef"
[providers.huddle01]
kind = "huddle01"
api_key = "key"
base_url = "{huddle01}"
[providers.realtimekit]
kind = "realtimekit"
account_id = "account"
app_id = "app"
api_token = "token"
base_url = "http://127.0.0.1:9/client/v4"
"""


class Stage:
    """The programs that run, ended with it."""

    def __init__(self):
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.running:
            program.kill()

    def start(self, arguments, *wanted):
        """Starts the program, and gives what these patterns find in what it says."""
        program = subprocess.Popen([ROLLCALL, *arguments], stdout=subprocess.PIPE, text=True)
        self.running.append(program)
        late = threading.Timer(PATIENCE, program.kill)
        late.start()
        text, found = "", None
        while not found:
            line = program.stdout.readline()
            if not line:
                raise SystemExit(f"rollcall {' '.join(arguments)} ended, or was ended after {PATIENCE} s; it said:\n{text}")
            text += line
            matches = [re.search(pattern, text) for pattern in wanted]
            found = [match[1] for match in matches if match]
            found = found if len(found) == len(wanted) else None
        late.cancel()
        # What else it says must be read, and is not of interest.
        threading.Thread(target=program.stdout.read, daemon=True).start()
        return found


def main(command):
    with tempfile.TemporaryDirectory() as folder, Stage() as stage:
        url, token = stage.start(["demo", "--listen", "127.0.0.1:0"], r"Docs to read and try: +(\S+)/docs\n", r"export TOKEN=(\S+)\n")
        (huddle01,) = stage.start(["simulate", "huddle01", "--listen", "127.0.0.1:0"], r'base_url = "(\S+)"\n')
        config = pathlib.Path(folder, "rollcall.toml")
        config.write_text(IMPAIRED.format(huddle01=huddle01))
        (impaired,) = stage.start(["serve", "--config", str(config)], r'"listen":"(\S+?)"')
        sign = [ROLLCALL, "token", "--config", config, "--sub", "reader", "--scope", "sessions:read"]
        reader = subprocess.run(sign, check=True, capture_output=True, text=True).stdout.strip()
        environment = {
            **os.environ,
            "ROLLCALL_URL": url,
            "ROLLCALL_TOKEN": token,
            "ROLLCALL_IMPAIRED_URL": f"http://{impaired}",
            "ROLLCALL_IMPAIRED_TOKEN": reader,
        }
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
