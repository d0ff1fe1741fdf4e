#!/usr/bin/env bash
# Each generated client, compiled and driven beside a running gateway: one line each, and all that was said where one fails.
# The Rust client's walk is a test of the gateway (crates/gateway/tests/it/rust_client). ROLLCALL: the binary to run; built
# when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
if [ -z "${ROLLCALL:-}" ]; then
  cargo build --locked --manifest-path "$root/Cargo.toml" --package gateway --bin rollcall
  ROLLCALL="$root/target/debug/rollcall"
fi
ROLLCALL=$(realpath "$ROLLCALL")
export ROLLCALL
said=$(mktemp)
trap 'rm -f "$said"' EXIT
for language in typescript python; do
  begun=$SECONDS
  "$here/$language/run.sh" >"$said" 2>&1 || { cat "$said" >&2; echo "$language: the walk failed" >&2; exit 1; }
  echo "$language: the walk works ($((SECONDS - begun))s)"
done
