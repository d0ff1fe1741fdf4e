#!/bin/sh
# Writes what the binary is made of, every crate with version, licence and digest, as CycloneDX. Usage: sbom.sh FILE
set -eu
cd "$(dirname "$0")/../.."
command -v cargo-cyclonedx >/dev/null || cargo install --locked --version 0.5.9 cargo-cyclonedx
cargo cyclonedx --quiet --manifest-path crates/gateway/Cargo.toml --format json --spec-version 1.5 --describe binaries
install -D -m 644 crates/gateway/rollcall_bin.cdx.json "$1"
rm crates/gateway/rollcall_bin.cdx.json
