#!/usr/bin/env bash
# Opens the board, the documentation page and the example of a back end in a real browser, beside the demo and beside gateways and
# simulators that go away.
# ROLLCALL: the binary to run; built when it is not given. CHROMIUM: the browser; found on the PATH when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/rollcall.sh"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$CHROMIUM" ]; then
  echo "no Chromium on the PATH: install it (Debian: apt-get install chromium), or say CHROMIUM=/path/of/it" >&2
  exit 1
fi
export CHROMIUM
cd "$root/examples/bff"
npm ci --no-progress
npm run build
cd "$here"
npm ci --no-progress
npm test
