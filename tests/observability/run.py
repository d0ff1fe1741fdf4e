"""Starts gateways that fare well and badly, and a Prometheus that scrapes them; then every query has to give something."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import prometheus
import traffic
import upstreams

ROOT, WORK = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
ROLLCALL = os.environ["ROLLCALL"]
# Only with [cluster] or TLS, which these gateways have not.
ELSEWHERE = ("rollcall_cluster_", "rollcall_certificate_")
# What no caller can bring about: then the series beside it has to be there.
UNPROVOKED = {'status="500"': 'status="200"', 'outcome="cancelled"': 'outcome="success"'}
SECRET = "a-public-secret-for-trying-rollcall-only"
running: list[subprocess.Popen] = []


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(name: str, *arguments: str) -> subprocess.Popen:
    log = open(WORK / f"{name}.log", "wb")
    process = subprocess.Popen(arguments, stdout=log, stderr=log, cwd=WORK)
    running.append(process)
    return process


def until(what: str, is_true, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if is_true():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise SystemExit(f"never: {what}\n" + "\n".join(tail(log) for log in WORK.glob("*.log")))
        time.sleep(0.1)


def tail(log: pathlib.Path) -> str:
    return f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-8:])


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def gateway(name: str, text: str) -> tuple[str, int, pathlib.Path]:
    """A running gateway: where callers go, where the scraper goes, its file."""
    listen, admin = free_port(), free_port()
    file = WORK / f"{name}.toml"
    file.write_text(f'[server]\nlisten = "127.0.0.1:{listen}"\nadmin_listen = "127.0.0.1:{admin}"\n{text}')
    start(name, ROLLCALL, "serve", "--config", str(file))
    until(f"{name} listens", lambda: listens(listen) and listens(admin))
    return f"http://127.0.0.1:{listen}", admin, file


def token(file: pathlib.Path, subject: str, *more: str, **environment: str) -> str:
    scope = "sessions:read" if subject == "board" else "sessions:read sessions:moderate"
    order = [ROLLCALL, "token", "--config", str(file), "--sub", subject, "--scope", scope, *more]
    signed = subprocess.run(order, check=True, capture_output=True, text=True, env={**os.environ, **environment})
    return signed.stdout.strip()


def auth(more: str = "") -> str:
    return f'[auth]\nissuer = "https://id.example"\naudience = "rollcall"\nhs256_secret = "{SECRET}"\n{more}'


def provider(name: str, kind: str, base: str, more: str = "") -> str:
    account = 'api_key = "demo"' if kind == "huddle01" else 'account_id = "demo"\napp_id = "demo"\napi_token = "demo"'
    return f'[providers.{name}]\nkind = "{kind}"\n{account}\nbase_url = "{base}"\n{more}\n'


def simulator(service: str, webhooks_to: str) -> tuple[str, subprocess.Popen, int]:
    port = free_port()
    process = start(service, ROLLCALL, "simulate", service, "--listen", f"127.0.0.1:{port}", "--webhooks-to", webhooks_to)
    until(f"{service} listens", lambda: listens(port))
    return f"http://127.0.0.1:{port}", process, port


def main() -> None:
    # The simulators send webhooks to a gateway that starts after them, whose configuration names their ports.
    hooks = free_port()
    huddle01, _, _ = simulator("huddle01", f"http://127.0.0.1:{hooks}/v1/webhooks/huddle01")
    realtimekit, going, _ = simulator("realtimekit", f"http://127.0.0.1:{hooks}/v1/webhooks/realtimekit")
    key = f'webhooks = {{ public_key_url = "{realtimekit}/.well-known/webhooks.json" }}'
    well, well_admin, file = gateway(
        "well",
        auth()
        + provider("huddle01", "huddle01", f"{huddle01}/api/v2/sdk", 'webhooks = {}\nbudget = { requests = 2, per = "2s" }')
        + provider("realtimekit", "realtimekit", f"{realtimekit}/client/v4", key)
        + f'[webhooks]\nlisten = "127.0.0.1:{hooks}"\n[limits]\nmoderation = {{ requests = 2, per = "1s" }}\n'
        + '[audit]\nfile = "audit.jsonl"\n',
    )
    key_server = free_port()  # where nobody listens
    badly, badly_admin, badly_file = gateway(
        "badly",
        f'[auth.issuers.keys]\nissuer = "https://keys.example"\naudience = "x"\njwks_url = "http://127.0.0.1:{upstreams.keys()}/"\n'
        f'[auth.issuers.tests]\nissuer = "https://id.example"\naudience = "rollcall"\nhs256_secret = "{SECRET}"\n'
        f'[auth.issuers.gone]\nissuer = "https://gone.example"\naudience = "x"\njwks_url = "http://127.0.0.1:{key_server}/"\n'
        + provider("refusing", "huddle01", f"http://127.0.0.1:{upstreams.refusing()}")
        + provider("poor", "huddle01", f"{huddle01}/api/v2/sdk", 'budget = { requests = 1, per = "60s" }').replace("demo", "poor")
        + provider("realtimekit", "realtimekit", f"{realtimekit}/client/v4")
        + provider("odd", "realtimekit", f"http://127.0.0.1:{upstreams.odd()}")
        + '[audit]\nfile = "/dev/full"\n[limits]\nmax_connections = 20\nstreams = 4\n[events]\nmax_streams = 1\n',
    )
    scraper_port = free_port()
    config = (ROOT / "deploy/prometheus/prometheus.yml").read_text()
    targets = ", ".join(f'"127.0.0.1:{port}"' for port in (well_admin, badly_admin))
    config = config.replace('"rollcall:9090"', targets).replace(": 15s", ": 1s")
    (WORK / "prometheus.yml").write_text(config)
    (WORK / "alerts.yml").write_text((ROOT / "deploy/prometheus/alerts.yml").read_text())
    arguments = [f"--config.file={WORK}/prometheus.yml", f"--storage.tsdb.path={WORK}/data"]
    start("prometheus", "prometheus", *arguments, f"--web.listen-address=127.0.0.1:{scraper_port}")
    scraper = prometheus.Prometheus(scraper_port)
    until("both gateways are scraped", lambda: scraper.targets_up() == 2)

    caller = traffic.Caller(well, token(file, "service"))
    reader = traffic.Caller(well, token(file, "board"))
    unlucky = traffic.Caller(badly, token(badly_file, "service", "--issuer", "tests"))
    refused = [
        token(file, "yesterday", "--ttl", "1s"),
        token(file, "stranger", ROLLCALL__AUTH__ISSUER="https://other.example"),
        "no.token.atall",
    ]
    _, live = caller.get("/v1/live-sessions")
    room = next(row for row in live["data"] if row["kind"] == "realtimekit")
    caller.follow("/v1/events", 25)
    caller.follow(f"/v1/live-sessions/realtimekit/{room['room_id']}/events", 25)
    unlucky.follow("/v1/events", 25)
    unlucky.get("/v1/live-sessions/poor/no-such-room")
    for round_ in range(8):
        traffic.everyday(caller, reader)
        traffic.forged(hooks)
        for one in refused:
            caller.ask("GET", "/v1/live-sessions", token=one)
        for name in ("refusing", "odd", "poor"):
            unlucky.get(f"/v1/live-sessions?provider={name}")
        unlucky.get("/v1/events")
        kick = f"/v1/live-sessions/realtimekit/{room['room_id']}/kick"
        unlucky.ask("POST", kick, {"custom_participant_ids": ["nobody"]})
        if round_ == 5:
            going.send_signal(signal.SIGKILL)
        time.sleep(1)
    crowd = [socket.create_connection(("127.0.0.1", int(badly.rsplit(":", 1)[1]))) for _ in range(24)]
    for _ in range(12):
        caller.get("/v1/live-sessions/realtimekit/" + room["room_id"], **{"cache-control": "no-cache"})
    until("the breaker opens", lambda: scraper.values('rollcall_breaker_open{provider="realtimekit"} == 1'))
    for one in crowd:
        one.close()
    check(scraper)


def check(scraper: prometheus.Prometheus) -> None:
    silent, asked = [], 0
    until("every rule was evaluated", lambda: all(rule["health"] == "ok" for rule in scraper.rules()))
    queries = prometheus.panels(ROOT / "deploy/grafana/dashboards/rollcall.json")
    queries += [
        (rule["name"], selector)
        for rule in scraper.rules()
        for selector in prometheus.SELECTOR.findall(rule["query"])
    ]
    queries += [("alerts_test.yml", series) for series in prometheus.recorded(ROOT / "deploy/prometheus/alerts_test.yml")]
    for title, query in queries:
        for never, instead in UNPROVOKED.items():
            query = query.replace(never, instead)
        found = scraper.values(query)
        if any(name in query for name in ELSEWHERE):
            continue
        asked += 1
        if not found:
            silent.append(f"{title}: {query}")
    firing = scraper.values('count(ALERTS{alertstate="firing"})')
    if silent:
        raise SystemExit("nothing comes of:\n" + "\n".join(silent))
    if not firing:
        raise SystemExit("no alert fires, though a gateway fares badly")
    print(f"{asked} queries of the dashboard and the alerts give data; {firing[0]:.0f} alerts fire, as they should")


try:
    main()
finally:
    for process in running:
        process.kill()
    for process in running:
        process.wait()
