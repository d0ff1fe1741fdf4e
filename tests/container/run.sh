#!/usr/bin/env bash
# The image as it runs: the Dockerfile's last stage over a base of Debian's packages, with the binary that is at hand in the
# place of the build stage. As root, with buildah; no registry is asked. ROLLCALL: the binary; built when it is not given.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/rollcall.sh"
command -v buildah >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends buildah; }
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work=$(mktemp -d)
cleanup() {
  [ -z "${gateway:-}" ] || kill "$gateway" 2>/dev/null || true
  wait
  [ -z "${container:-}" ] || buildah rm "$container" >/dev/null
  buildah rmi --force localhost/rollcall-test >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

install -D "$ROLLCALL" "$work/out/usr/local/bin/rollcall"
strip "$work/out/usr/local/bin/rollcall" # the release binary, which is shipped, has no debug information either
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$work/out/etc/ssl/certs/ca-certificates.crt"
"$root/deploy/container/bases.sh" runtime >/dev/null
buildah build --quiet --format docker --layers=false --build-context "build=$work" \
  --build-arg RUNTIME_IMAGE=localhost/rollcall-runtime-base --tag localhost/rollcall-test "$root" >/dev/null

is() { # WHAT EXPECTED: a field of the image's configuration
  local found
  found=$(buildah inspect --type image --format "{{$1}}" localhost/rollcall-test)
  [ "$found" = "$2" ] || { echo "$1 is $found, not $2" >&2; exit 1; }
}
is .OCIv1.Config.User 10001:10001
is .OCIv1.Config.Entrypoint "[rollcall]"
is .Docker.Config.StopSignal SIGTERM
is .Docker.Config.Healthcheck.Test "[CMD rollcall health]"
is 'index .OCIv1.Config.Labels "org.opencontainers.image.licenses"' Apache-2.0

container=$(buildah from localhost/rollcall-test)
image=$(buildah mount "$container")
size=$(du -sm "$image" | cut -f1)
[ "$size" -le 60 ] || { echo "the image is $size MiB, more than 60" >&2; exit 1; }

cat > "$work/rollcall.toml" <<'TOML'
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
[auth]
issuer = "https://id.example"
audience = "rollcall"
hs256_secret = "a-public-secret-for-trying-rollcall-only"
[providers.huddle01]
kind = "huddle01"
api_key = "any"
TOML
# As in a container: this root alone, read-only, without rights.
# shellcheck disable=SC2016
inside=(unshare --mount -- sh -euc 'image=$1 configuration=$2
  shift 2
  mount --bind "$image" "$image"
  mkdir -p "$image/etc/rollcall" && cp "$configuration" "$image/etc/rollcall/"
  mount -o remount,bind,ro "$image"
  exec env -i PATH=/usr/local/bin:/usr/bin:/bin unshare --root "$image" --setuid 10001 --setgid 10001 "$@"'
  sh "$image" "$work/rollcall.toml" rollcall)

"${inside[@]}" check --config /etc/rollcall/rollcall.toml >/dev/null
"${inside[@]}" serve --config /etc/rollcall/rollcall.toml >"$work/log" 2>&1 &
gateway=$!
until grep -q '"serving"' "$work/log" 2>/dev/null; do
  kill -0 "$gateway" || { echo "it does not start:" >&2; cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
admin=$(sed -n 's/.*"admin_listen":"\([^"]*\)".*/\1/p' "$work/log")
"${inside[@]}" health --admin "$admin" | grep -qx ready
owner=$(stat -c %u "/proc/$gateway")
[ "$owner" = 10001 ] || { echo "it runs as $owner" >&2; exit 1; }
kill -TERM "$gateway"
wait "$gateway"
gateway=
if "${inside[@]}" health --admin "$admin" 2>/dev/null; then
  echo "the health command says that a gateway that has ended is ready" >&2
  exit 1
fi
echo "the image ($size MiB with this binary) serves as 10001 from a read-only root, says that it is healthy, and ends on SIGTERM"
