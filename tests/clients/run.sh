#!/usr/bin/env bash
# Each generated client, compiled and driven beside a running gateway: one line each, and all that was said where one fails. Java and
# Go where their compilers are.
# The Rust client's walk is a test of the gateway (crates/gateway/tests/it/rust_client). ROLLCALL: the binary to run; built
# when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/rollcall.sh"
said=$(mktemp)
trap 'rm -f "$said"' EXIT
run() {
  local language=$1 done=$2 begun=$SECONDS
  "$here/$language/run.sh" >"$said" 2>&1 || { cat "$said" >&2; echo "$language failed" >&2; exit 1; }
  echo "$language: $done ($((SECONDS - begun))s)"
}
run typescript "the walk works"
run python "the walk works"
for compiler in javac:java go:go; do
  if command -v "${compiler%:*}" >/dev/null && command -v java >/dev/null; then
    run "${compiler#*:}" "the walk works"
  else
    echo "${compiler#*:}: not driven, as there is no ${compiler%:*} or no java here"
  fi
done
