#!/usr/bin/env bash
# Runs every query of deploy/grafana and deploy/prometheus in a real Prometheus that scrapes running gateways, and the alerts
# against their recorded series. ROLLCALL: the binary to run; built when it is not given.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/tests/rollcall.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
  # Unpacked only: an installed package would start a service.
  apt-get update -q
  (cd "$work" && apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb prometheus)
  PATH="$work/prometheus/usr/bin:$PATH"
fi
export PATH
promtool check config "$root/deploy/prometheus/prometheus.yml"
promtool test rules "$root/deploy/prometheus/alerts_test.yml"
python3 "$here/run.py" "$root" "$work"
