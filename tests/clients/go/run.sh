#!/usr/bin/env bash
# Generates the Go client from the committed document as docs/clients.md says, compiles it with nothing but the standard library, and
# drives a running gateway with it. Needs Go 1.18 or later, and Java for the generator. ROLLCALL: the binary to run; built when it is
# not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
. "$root/tests/rollcall.sh"
export GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$here/../openapi-generator/generate.sh" generate -i "$root/openapi/rollcall.v1.json" -g go -o "$work/client" \
  --additional-properties=packageName=rollcall,enumClassPrefix=true,withGoMod=false
cd "$work/client"
rm -rf test
printf 'module example/rollcall\n\ngo 1.18\n' >go.mod
cp -r "$here/walk" walk
go vet ./...
python3 "$here/../stage.py" go test -count=1 ./walk
