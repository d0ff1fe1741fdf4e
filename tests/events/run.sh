#!/usr/bin/env bash
# The examples that follow events, beside real processes that are killed and come back. Needs node 20 or later, npm and python3.
# ROLLCALL: the binary to run; FOLLOW: the built example `follow` of rollcall-client. Each is built when it is not given.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/rollcall.sh"
if [ -z "${FOLLOW:-}" ]; then
  cargo build --locked --manifest-path "$root/Cargo.toml" --package rollcall-client --example follow
  FOLLOW="$root/target/debug/examples/follow"
fi
FOLLOW=$(realpath "$FOLLOW")
export FOLLOW
cd "$root/examples/events/typescript"
npm ci --no-progress --no-audit --no-fund
npm run build
exec python3 "$root/tests/events/restarts.py"
