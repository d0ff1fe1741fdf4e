#!/usr/bin/env bash
# Runs openapi-generator, which is a Java program that comes as a Python package, with these arguments. Alone it prints the path of
# the program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
if ! cmp --silent requirements.txt .venv/requirements.txt; then
  python3 -c 'import ensurepip' 2>/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends python3-venv; } >&2
  python3 -m venv --clear .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
  cp requirements.txt .venv/requirements.txt
fi
jar=$(.venv/bin/python -c 'import openapi_generator_cli, pathlib; print(pathlib.Path(openapi_generator_cli.__file__).with_name("openapi-generator.jar"))')
if [ $# = 0 ]; then echo "$jar"; else cd "$OLDPWD" && exec java -jar "$jar" "$@"; fi
