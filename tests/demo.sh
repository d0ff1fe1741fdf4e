#!/usr/bin/env bash
# Starts the demo and pastes what it prints, as a newcomer would. Usage: tests/demo.sh PATH_OF_ROLLCALL
set -euo pipefail
rollcall=$1
coproc DEMO { exec "$rollcall" demo --listen 127.0.0.1:0; }
demo=$DEMO_PID
exec {output}<&"${DEMO[0]}"
trap 'kill "$demo" 2>/dev/null || true' EXIT

printed=
while IFS= read -r -t 60 line <&"$output"; do
  printed+=$line$'\n'
  case $line in Ctrl-C*) break ;; esac
done
case $printed in *Ctrl-C*) ;; *) echo "the demo printed nothing to paste: $printed" >&2; exit 1 ;; esac

eval "$(grep '^export TOKEN=' <<<"$printed")"
pasted=0
while IFS= read -r line; do
  answer=$(eval "$line")
  case $answer in
    '{"type":"/problems/'*) echo "a printed line does not work: $line: $answer" >&2; exit 1 ;;
    '{'*) pasted=$((pasted + 1)) ;;
    *) echo "no answer: $line: $answer" >&2; exit 1 ;;
  esac
  case $line in
    */v1/live-sessions)
      for kind in huddle01 realtimekit; do
        case $answer in *"\"kind\":\"$kind\""*) ;; *) echo "nothing of $kind in the list: $answer" >&2; exit 1 ;; esac
      done ;;
  esac
done < <(grep '^curl' <<<"$printed")
shown=$(eval "$(grep ' live --watch ' <<<"$printed" | sed 's/ --watch//')")
case $shown in *' sessions are live.'*) ;; *) echo "rollcall live does not show them: $shown" >&2; exit 1 ;; esac
[ "$pasted" -ge 4 ] || { echo "only $pasted lines to paste" >&2; exit 1; }

kill -TERM "$demo"
wait "$demo" || { echo "the demo ended with $? after SIGTERM" >&2; exit 1; }
echo "the demo's $pasted lines work, and it ends cleanly"
