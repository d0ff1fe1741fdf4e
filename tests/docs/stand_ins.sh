# What pasted commands mean in a test, where they would not end, or need root, a cluster or a registry. Sourced before them.
# Whatever has no stand-in here is run as it is.

trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

rollcall() {
  case $1 in
    demo) ;; # It runs already.
    serve) # Beside what follows, on ports that are free.
      exec {said}< <(ROLLCALL__SERVER__LISTEN=127.0.0.1:0 ROLLCALL__SERVER__ADMIN_LISTEN=127.0.0.1:0 command rollcall "$@")
      serving=$!
      while IFS= read -r -t 60 line <&"$said"; do
        [[ $line =~ \"admin_listen\":\"([^\"]+)\" ]] || continue
        admin=${BASH_REMATCH[1]}
        return
      done
      echo "it does not serve" >&2
      return 1
      ;;
    health)
      [ "$2 $3" = "--admin 127.0.0.1:9090" ]
      command rollcall health --admin "$admin"
      kill "$serving"
      ;;
    *) command rollcall "$@" ;;
  esac
}

# A reader of events never ends: its first line is waited for.
python3() {
  exec {read}< <(exec python3 "$@")
  local reader=$!
  IFS= read -r -t 60 line <&"$read"
  kill "$reader"
  echo "$line"
}

# Below a folder of its own, in the place of the root.
install() { command install "${@/#\//$PASTED_ROOT/}"; }

systemctl() {
  case $1 in
    daemon-reload) ;;
    enable) [ -f "$PASTED_ROOT/etc/systemd/system/$3.service" ] ;;
    *) return 1 ;;
  esac
}

# The secret has the entries that the deployment mounts, and what is applied is there.
kubectl() {
  case "$1 $2" in
    "create secret")
      local argument
      for argument in "${@:5}"; do
        grep -rq "${argument#--from-file=}" deploy/kubernetes/base
      done
      ;;
    "apply -k") [ -f "$3/kustomization.yaml" ] ;;
    *) return 1 ;;
  esac
}

# Each argument is one that the Dockerfile takes.
docker() {
  [ "$1" = build ] && [ -f Dockerfile ]
  while shift && [ $# -gt 0 ]; do
    if [ "$1" = --build-arg ]; then grep -q "^ARG ${2%%=*}" Dockerfile; fi
  done
}
