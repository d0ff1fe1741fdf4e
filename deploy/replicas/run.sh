#!/usr/bin/env bash
# Three replicas that act as one, without containers: a store, two simulated providers, HAProxy on port 8080, and what to try. Ctrl-C ends all.
# Needs redis-server (or valkey-server) and haproxy. Usage: deploy/replicas/run.sh PATH_OF_ROLLCALL
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rollcall=$(realpath "${1:-target/release/rollcall}")
store=$(command -v redis-server || command -v valkey-server) || { echo "neither redis-server nor valkey-server is on the PATH" >&2; exit 1; }
command -v haproxy >/dev/null || { echo "haproxy is not on the PATH" >&2; exit 1; }

work=$(mktemp -d)
trap 'trap - EXIT; kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT INT TERM
"$store" --port 6390 --bind 127.0.0.1 --save "" --appendonly no >"$work/store.log" &
"$rollcall" simulate huddle01 --listen 127.0.0.1:8091 >"$work/huddle01.log" &
"$rollcall" simulate realtimekit --listen 127.0.0.1:8092 >"$work/realtimekit.log" &

sed -e 's#http://huddle01:#http://127.0.0.1:#; s#http://realtimekit:#http://127.0.0.1:#; s#redis://valkey:6379#redis://127.0.0.1:6390#' "$here/rollcall.toml" >"$work/rollcall.toml"
sed -e '/^resolvers/,/^$/d; s/ resolvers containers init-addr none//; s/ port 9090//; s#bind :8080#bind 127.0.0.1:8080#; /server-template/d' "$here/haproxy.cfg" >"$work/haproxy.cfg"
for n in 1 2 3; do
  ROLLCALL__SERVER__LISTEN=127.0.0.1:808$((n + 3)) ROLLCALL__SERVER__ADMIN_LISTEN=127.0.0.1:909$n ROLLCALL__AUDIT__FILE="$work/audit$n.jsonl" \
    "$rollcall" serve --config "$work/rollcall.toml" >"$work/replica$n.log" &
  echo "  server replica$n 127.0.0.1:808$((n + 3))" >>"$work/haproxy.cfg"
done
haproxy -f "$work/haproxy.cfg" >"$work/haproxy.log" &

token=$("$rollcall" token --config "$work/rollcall.toml" --sub you --scope "sessions:read sessions:moderate" --ttl 1h)
cat <<TEXT
All three behind one address   http://127.0.0.1:8080/   (the board)
Each by itself                 http://127.0.0.1:8084/, :8085/, :8086/
Their logs, and process ids    $work, $(jobs -p | tr '\n' ' ')

export TOKEN=$token
curl -H "Authorization: Bearer \$TOKEN" http://127.0.0.1:8080/v1/live-sessions
curl -s http://127.0.0.1:9091/metrics | grep rollcall_cluster

Kick on one and read on the others; kill the store, one of the replicas, both.
TEXT
wait
