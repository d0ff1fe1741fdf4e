#!/usr/bin/env bash
# Runs the official SDKs of both services against the simulators, and exchanges webhooks with them. Needs cargo, node 20 or later and npm.
# SIMULATORS: the built example `serve` of provider-simulator; ROLLCALL: the built program. Each is built when it is not given.
set -euo pipefail
cd "$(dirname "$0")"

if [ -z "${SIMULATORS:-}" ]; then
  cargo build --quiet --package provider-simulator --example serve
  SIMULATORS=../../target/debug/examples/serve
fi
if [ -z "${ROLLCALL:-}" ]; then
  cargo build --quiet --package gateway --bin rollcall
  ROLLCALL=../../target/debug/rollcall
fi
export ROLLCALL
npm ci --no-audit --no-fund

# The simulators serve until their standard input closes.
coproc SERVED { exec "$SIMULATORS"; }
pid=$SERVED_PID
exec {to_simulators}>&"${SERVED[1]}" {from_simulators}<&"${SERVED[0]}"
eval "exec ${SERVED[1]}>&- ${SERVED[0]}<&-"
stop() {
  exec {to_simulators}>&-
  wait "$pid" || true
}
trap stop EXIT

if ! read -r -t 60 line <&"$from_simulators"; then
  echo "the simulators did not say where they listen" >&2
  exit 1
fi
HUDDLE01_BASE_URL=$(node -p 'JSON.parse(process.argv[1]).huddle01' "$line")
REALTIMEKIT_BASE_URL=$(node -p 'JSON.parse(process.argv[1]).realtimekit' "$line")
export HUDDLE01_BASE_URL REALTIMEKIT_BASE_URL

node --import ./preload.mjs run.mjs
