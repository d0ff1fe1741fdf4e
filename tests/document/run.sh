#!/usr/bin/env bash
# The documents under two linters, and the served one under a property tester against the demo. Everything pinned; the
# exceptions and their reasons are in the files beside this one. ROLLCALL: the binary to run; built when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/rollcall.sh"
cd "$here"

npm ci --no-progress --no-audit --no-fund --ignore-scripts
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
npx --no-install redocly lint --config redocly.yaml v1 v1-openapi30
npx --no-install spectral lint --ruleset .spectral.yaml --fail-severity hint "$root/openapi/rollcall.v1.json"
npx --no-install spectral lint --ruleset .spectral-openapi30.yaml --fail-severity hint "$root/openapi/rollcall.v1.openapi30.json"

if [ ! -x .venv/bin/schemathesis ]; then
  python3 -c 'import ensurepip' 2>/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; }
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
fi

coproc DEMO { exec "$ROLLCALL" demo --listen 127.0.0.1:0; }
demo=$DEMO_PID
exec {output}<&"${DEMO[0]}"
trap 'kill "$demo" 2>/dev/null || true' EXIT
printed=
while IFS= read -r -t 60 line <&"$output"; do
  printed+=$line$'\n'
  case $line in Ctrl-C*) break ;; esac
done
# What the demo goes on saying (its audit log) is not of interest, and must be read.
cat <&"$output" >/dev/null &
token=$(sed -n 's/^export TOKEN=//p' <<<"$printed")
url=$(grep -o 'http://127.0.0.1:[0-9]*' <<<"$printed" | head -n 1)
[ -n "$token" ] && [ -n "$url" ] || { echo "the demo printed no token: $printed" >&2; exit 1; }

# It leaves what it remembers where it runs.
scratch=$(mktemp -d)
trap 'kill "$demo" 2>/dev/null || true; rm -rf "$scratch"' EXIT
cd "$scratch"
"$here/.venv/bin/schemathesis" --config-file "$here/schemathesis.toml" run "$url/openapi.json" --header "Authorization: Bearer $token"
