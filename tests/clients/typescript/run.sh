#!/usr/bin/env bash
# Generates the TypeScript client from the committed document, compiles it strictly and drives a running gateway with it.
# ROLLCALL: the binary to run; built when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
if [ -z "${ROLLCALL:-}" ]; then
  cargo build --locked --manifest-path "$root/Cargo.toml" --package gateway --bin rollcall
  ROLLCALL="$root/target/debug/rollcall"
fi
ROLLCALL=$(realpath "$ROLLCALL")
export ROLLCALL
cd "$here"
npm ci --no-progress
npm run generate
rm -rf dist
npm run build
exec python3 ../stage.py npm test
