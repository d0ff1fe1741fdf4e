#!/usr/bin/env bash
# Generates the Java client from the committed document as docs/clients.md says, compiles it and drives a running gateway with it. Needs
# a JDK of 11 or later. What it depends on (Jackson) is in the generator's own archive. ROLLCALL: the binary to run; built when it is
# not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$root/tests/rollcall.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../openapi-generator/generate.sh" generate -i "$root/openapi/rollcall.v1.json" -g java --library native -o "$work/client" \
  --invoker-package example.rollcall --api-package example.rollcall.api --model-package example.rollcall.model \
  --additional-properties=openApiNullable=false,enumUnknownDefaultCase=true,hideGenerationTimestamp=true
find "$work/client/src/main" "$here/javax" "$here/walk" -name '*.java' >"$work/sources"
jar=$("$here/../openapi-generator/generate.sh")
javac -nowarn -proc:none -cp "$jar" -d "$work/classes" "@$work/sources"
python3 "$here/../stage.py" java -cp "$work/classes:$jar" walk.Walk
