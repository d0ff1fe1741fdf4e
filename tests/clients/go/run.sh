#!/usr/bin/env bash
# Generates the Go client from the committed document as docs/clients.md says, and compiles it: nothing but the standard library.
# Needs Go 1.18 or later, and Java for the generator.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../openapi-generator/generate.sh" generate -i "$here/../../../openapi/rollcall.v1.json" -g go -o "$work/client" \
  --additional-properties=packageName=rollcall,enumClassPrefix=true,withGoMod=false
cd "$work/client"
rm -rf test
printf 'module example/rollcall\n\ngo 1.18\n' >go.mod
GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off go vet ./...
