#!/usr/bin/env bash
# Generates the Java client from the committed document as docs/clients.md says, and compiles it. Needs a JDK of 11 or later. What
# it depends on (Jackson) is in the generator's own archive.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../openapi-generator/generate.sh" generate -i "$here/../../../openapi/rollcall.v1.json" -g java --library native -o "$work/client" \
  --invoker-package example.rollcall --api-package example.rollcall.api --model-package example.rollcall.model \
  --additional-properties=openApiNullable=false,enumUnknownDefaultCase=true,hideGenerationTimestamp=true
find "$work/client/src/main" "$here/javax" -name '*.java' >"$work/sources"
javac -nowarn -proc:none -cp "$("$here/../openapi-generator/generate.sh")" -d "$work/classes" "@$work/sources"
