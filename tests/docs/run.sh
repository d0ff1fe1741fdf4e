#!/usr/bin/env bash
# Pastes every ```sh block of docs/callers.md into one shell, in order, with the demo running. Usage: tests/docs/run.sh PATH_OF_ROLLCALL
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rollcall=$1
coproc DEMO { exec "$rollcall" demo --listen 127.0.0.1:0; }
demo=$DEMO_PID
exec {output}<&"${DEMO[0]}"
work=$(mktemp -d)
trap 'kill "$demo" 2>/dev/null || true; rm -rf "$work"' EXIT

printed=
while IFS= read -r -t 60 line <&"$output"; do
  printed+=$line$'\n'
  case $line in Ctrl-C*) break ;; esac
done
eval "$(grep '^export TOKEN=' <<<"$printed")"
ROLLCALL_URL=$(sed -n 's#^Docs to read and try: *\(.*\)/docs$#\1#p' <<<"$printed")
export ROLLCALL_URL TOKEN

{
  echo 'set -euo pipefail'
  echo 'trap '\''echo "line $LINENO of the pasted commands: $BASH_COMMAND" >&2'\'' ERR'
  awk '/^```/ { taken = ($0 == "```sh"); next } taken' "$root/docs/callers.md"
} >"$work/pasted.sh"
commands=$(grep -c 'curl' "$work/pasted.sh")
[ "$commands" -ge 15 ] || { echo "only $commands commands in docs/callers.md" >&2; exit 1; }
(cd "$work" && bash pasted.sh) >"$work/answers" || { tail -c 2000 "$work/answers" >&2; exit 1; }
echo "$commands commands of docs/callers.md do what it says"
