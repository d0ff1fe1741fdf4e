#!/usr/bin/env bash
# Pastes every ```sh block of a page into one shell, in order, with the demo running. What does not end, or needs root or a cluster, has
# a stand-in (stand_ins.sh).
# Usage: tests/docs/run.sh PATH_OF_ROLLCALL
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
rollcall=$(realpath "$1")
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
export ROLLCALL_URL TOKEN ROLLCALL_TOKEN="$TOKEN"
mkdir "$work/bin"
ln -s "$rollcall" "$work/bin/rollcall"

paste_page() { # PAGE LEAST [STAND-INS]: the page has at least so many lines with a command
  local folder=$work/${1//\//-}
  mkdir -p "$folder/root/etc/systemd/system" "$folder/root/usr/local/bin"
  ln -s "$root"/{deploy,examples,Dockerfile} "$rollcall" "$folder"
  {
    echo 'set -Eeuo pipefail'
    [ -z "${3:-}" ] || echo ". '$3'"
    echo 'trap '\''echo "line $LINENO of the pasted commands: $BASH_COMMAND" >&2'\'' ERR'
    awk '/^```/ { taken = ($0 == "```sh"); next } taken' "$root/$1"
  } >"$folder/pasted.sh"
  local commands
  commands=$(grep -cE '\b(curl|rollcall|python3|docker|kubectl|install|systemctl) ' "$folder/pasted.sh")
  [ "$commands" -ge "$2" ] || { echo "only $commands commands in $1" >&2; exit 1; }
  (cd "$folder" && PASTED_ROOT=$folder/root PATH=$work/bin:$PATH bash pasted.sh) >"$folder/answers" || { tail -c 2000 "$folder/answers" >&2; exit 1; }
  echo "$commands commands of $1 do what it says"
}
paste_page docs/callers.md 15
paste_page README.md 6
grep -q 'limt: is not a query parameter' "$work/README.md/answers" # a problem that says why
grep -q 'rollcall.toml is fine' "$work/README.md/answers"

paste_page docs/events.md 2 "$root/tests/docs/stand_ins.sh"
grep -q '"status": "ok"' "$work/docs-events.md/answers" # the first line of the reader

operators=$work/docs-operators.md
mkdir "$operators"
cp "$work/README.md/rollcall.toml" "$operators"
(umask 077 && echo any >"$operators/huddle01" && echo any >"$operators/realtimekit")
ROLLCALL__AUTH__HS256_SECRET=$(head -c 48 /dev/urandom | base64 --wrap=0)
export ROLLCALL__AUTH__HS256_SECRET ROLLCALL__PROVIDERS__HUDDLE01__API_KEY=any
paste_page docs/operators.md 12 "$root/tests/docs/stand_ins.sh"
grep -q 'rollcall.toml is fine' "$operators/answers"
[ "$(stat -c %a "$operators/root/etc/rollcall/secrets/huddle01")" = 600 ]
