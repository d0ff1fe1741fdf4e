#!/usr/bin/env bash
# Generates the TypeScript client from the committed document, compiles it strictly and drives a running gateway with it.
# ROLLCALL: the binary to run; built when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$root/tests/rollcall.sh"
cd "$here"
npm ci --no-progress
npm run generate
rm -rf dist
npm run build
exec python3 ../stage.py npm test
