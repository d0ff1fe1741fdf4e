#!/usr/bin/env bash
# deploy/kubernetes against the schemas of Kubernetes, deploy/systemd against systemd; and the configurations of both against
# Rollcall itself. ROLLCALL: the binary to run; built when it is not given. Needs kubectl (its `kustomize`), python3 with pip.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/rollcall.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if ! command -v systemd-analyze >/dev/null; then
  apt-get update -q && apt-get install -y -q --no-install-recommends systemd
fi
unit=$root/deploy/systemd/rollcall.service
systemd-analyze security --offline=true --threshold=20 "$unit" | tail -1
# It wants the programs that it names to be there.
sed "s#/usr/local/bin/rollcall#$ROLLCALL#; s#^Documentation=.*##" "$unit" >"$work/rollcall.service"
complaints=$(systemd-analyze verify --man=no "$work/rollcall.service" 2>&1)
[ -z "$complaints" ] || { echo "$complaints" >&2; exit 1; }

python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --target "$work/pip" kubernetes-validate==1.37.0
export PYTHONPATH="$work/pip"
python3 "$here/run.py" "$root" "$work"
