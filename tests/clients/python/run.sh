#!/usr/bin/env bash
# Generates the Python client from the committed document, checks it strictly and drives a running gateway with it.
# Needs Python 3.11 or later. ROLLCALL: the binary to run; built when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$root/tests/rollcall.sh"
export PYTHONDONTWRITEBYTECODE=1
cd "$here"
if ! cmp --silent requirements.txt .venv/requirements.txt; then
  python3 -c 'import ensurepip' 2>/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; }
  python3 -m venv --clear .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
  cp requirements.txt .venv/requirements.txt
fi
# It formats what it writes with ruff, whose absence is a warning.
PATH="$here/.venv/bin:$PATH"
openapi-python-client generate --path "$root/openapi/rollcall.v1.json" --meta none --output-path rollcall_client --overwrite \
  --fail-on-warning
mypy
exec python ../stage.py python -m unittest
