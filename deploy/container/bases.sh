#!/usr/bin/env bash
# Makes the two base images from Debian's packages alone, for a machine that reaches no registry of images: as root, with
# buildah (and debootstrap for the first). Usage: bases.sh [build] [runtime]; makes localhost/rollcall-{build,runtime}-base.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

image() { # NAME FOLDER [CA]: the folder as an image of one layer; cargo trusts the authorities in the file CA.
  local container
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$2" / >/dev/null
  buildah config --env PATH=/usr/local/bin:/root/.cargo/bin:/usr/bin:/bin "$container"
  [ -z "${3:-}" ] || buildah config --env CARGO_HTTP_CAINFO="$3" "$container"
  buildah commit --quiet "$container" "localhost/$1" >/dev/null
  buildah rm "$container" >/dev/null
  echo "localhost/$1"
}

[ $# -gt 0 ] || set -- build runtime
for base in "$@"; do
  case $base in
    build) # Debian, gcc, and this machine's own Rust.
      debootstrap --variant=minbase --include=gcc,libc6-dev,ca-certificates bookworm "$work/build" >/dev/null
      mkdir -p "$work/build/root/.cargo/bin" "$work/build/opt"
      cp -a "$(rustc --print sysroot)" "$work/build/opt/rust"
      rm -rf "$work/build/opt/rust/share/doc" "$work/build/var/cache/apt/archives"/*.deb
      # What this machine trusts, a proxy of its own perhaps, is for cargo alone: the image gets Debian's list.
      install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$work/build/opt/machine-ca.crt"
      for tool in "$work/build/opt/rust/bin/"*; do
        ln -s "/opt/rust/bin/$(basename "$tool")" "$work/build/usr/local/bin/"
      done
      image rollcall-build-base "$work/build" /opt/machine-ca.crt ;;
    runtime) # What a program of glibc and libgcc needs, and no more: no shell, no package manager.
      mkdir -p "$work/debs" "$work/runtime"
      (cd "$work/debs" && apt-get download -q libc6 libgcc-s1 gcc-12-base base-files netbase >/dev/null 2>&1)
      for package in "$work/debs"/*.deb; do dpkg-deb -x "$package" "$work/runtime"; done
      rm -rf "$work/runtime"/usr/share/{doc,lintian,man} "$work/runtime"/usr/lib/x86_64-linux-gnu/gconv
      mkdir -p "$work/runtime/tmp" && chmod 1777 "$work/runtime/tmp"
      image rollcall-runtime-base "$work/runtime" ;;
    *) echo "no such base: $base" >&2; exit 2 ;;
  esac
done
