"""A running Prometheus, and what is asked of it."""

import json
import math
import pathlib
import re
import urllib.parse
import urllib.request


class Prometheus:
    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **query: str):
        with urllib.request.urlopen(f"{self.base}{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
            return json.load(answer)["data"]

    def values(self, query: str) -> list[float]:
        """What the query gives now; a query that is none is an error."""
        values = [float(row["value"][1]) for row in self.ask("/api/v1/query", query=query)["result"]]
        return [value for value in values if not math.isnan(value)]

    def targets_up(self) -> int:
        targets = self.ask("/api/v1/targets")["activeTargets"]
        return sum(target["health"] == "up" for target in targets)

    def rules(self) -> list[dict]:
        return [rule for group in self.ask("/api/v1/rules")["groups"] for rule in group["rules"]]


# A metric with its labels, or alone. Words that only look like metrics have no `rollcall_`.
SELECTOR = re.compile(r"(?:rollcall_\w+|\bup\b)(?:\{[^}]*\})?")
IN_GRAFANA = {"$__rate_interval": "20s", "$job": ".*", "$instance": ".*", "$provider": ".*"}


def panels(dashboard: pathlib.Path) -> list[tuple[str, str]]:
    """The title and each query of every panel, as Grafana would send it."""
    queries = []
    for panel in json.loads(dashboard.read_text())["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for variable, value in IN_GRAFANA.items():
                query = query.replace(variable, value)
            assert "$" not in query, f"{panel['title']}: a variable that this test does not know: {query}"
            queries.append((panel["title"], query))
    return queries


def recorded(tests: pathlib.Path) -> list[str]:
    """The series of the alerts' tests, without where they were scraped and what the operator calls a provider."""
    series = re.findall(r"series: '([^']+)'", tests.read_text())
    return sorted({re.sub(r',?(job|instance|provider)="[^"]*"', "", one).replace("{,", "{") for one in series})
