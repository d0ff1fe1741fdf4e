# The everyday commands. `just` alone lists them.

set positional-arguments

export FUZZ_TARGETS := "token signed_token cursor huddle01_bodies realtimekit_bodies huddle01_webhooks realtimekit_webhooks realtimekit_history"

_default:
    @just --list

# The whole test suite.
test *args:
    cargo test --workspace --locked "$@"

# Format and lints, as in CI.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    CUSTOM_LIBFUZZER_PATH=unused/libfuzzer.a cargo check --manifest-path fuzz/Cargo.toml --locked

# Writes the OpenAPI document that the code serves, and the same for generators that know no 3.1.
openapi:
    cargo run --quiet --package gateway --bin rollcall -- openapi > openapi/rollcall.v1.json.new
    mv openapi/rollcall.v1.json.new openapi/rollcall.v1.json
    cargo run --quiet --package gateway --bin rollcall -- openapi --format 3.0 > openapi/rollcall.v1.openapi30.json.new
    mv openapi/rollcall.v1.openapi30.json.new openapi/rollcall.v1.openapi30.json

# Writes the Rust client from the document.
rust-client:
    cargo run --quiet --locked --manifest-path crates/rollcall-client/generate/Cargo.toml --target-dir target -- \
        openapi/rollcall.v1.openapi30.json > crates/rollcall-client/src/generated.rs.new
    mv crates/rollcall-client/src/generated.rs.new crates/rollcall-client/src/generated.rs

# The generated clients drive a running gateway.
clients:
    cargo build --locked --package gateway --bin rollcall
    ROLLCALL=target/debug/rollcall tests/clients/run.sh

# The examples that follow events, beside processes that are killed and come back.
follow:
    cargo build --locked --package gateway --bin rollcall
    ROLLCALL=target/debug/rollcall tests/events/run.sh

# The documents under two linters, and the demo under a property tester.
document:
    cargo build --locked --package gateway --bin rollcall
    ROLLCALL=target/debug/rollcall tests/document/run.sh

# The board, the documentation page and examples/bff in a real browser (needs Chromium).
browser:
    cargo build --locked --package gateway --bin rollcall
    ROLLCALL=target/debug/rollcall tests/browser/run.sh

# Every query of the dashboard and of the alerts, in a real Prometheus.
observability:
    cargo build --locked --package gateway --bin rollcall
    ROLLCALL=target/debug/rollcall tests/observability/run.sh

# What the binary is made of, as CycloneDX.
sbom file="rollcall.cdx.json":
    deploy/container/sbom.sh "{{ file }}"

# The image, with buildah, on a machine that reaches no registry of images (as root).
image:
    deploy/container/bases.sh build runtime
    BUILDAH_ISOLATION=chroot buildah build --format docker --build-arg BUILD_IMAGE=localhost/rollcall-build-base \
        --build-arg RUNTIME_IMAGE=localhost/rollcall-runtime-base --tag rollcall .

# All that gates a change.
ci:
    .ci/run

# The table of docs/performance.md, or some cases of it (`just bench hit 304`). Needs two cores, wrk and h2load.
bench *args: _bench
    target/release/rollcall-bench run "$@"

# Criterion on each pure function of the hot paths.
bench-functions *args:
    cargo bench --locked --manifest-path bench/Cargo.toml --target-dir target --features functions "$@"

# A steady load of everything for so many minutes; fails when memory or descriptors grow.
soak minutes="30": _bench
    target/release/rollcall-bench soak "{{ minutes }}"

_bench:
    cargo build --locked --release --package gateway --bin rollcall
    cargo build --locked --release --manifest-path bench/Cargo.toml --target-dir target

# Three replicas that act as one, behind HAProxy on port 8080 (needs redis-server or valkey-server, and haproxy).
replicas:
    cargo build --locked --release --package gateway --bin rollcall
    deploy/replicas/run.sh target/release/rollcall

# A gateway over two simulated providers.
demo *args:
    cargo run --release -- demo "$@"

# Each fuzz target for some seconds (needs nightly and cargo-fuzz). New inputs go to fuzz/work, failures to fuzz/artifacts.
fuzz seconds="60" *chosen:
    #!/usr/bin/env bash
    set -euo pipefail
    chosen="{{ chosen }}"
    for target in ${chosen:-$FUZZ_TARGETS}; do
        mkdir -p "fuzz/work/$target"
        cargo +nightly fuzz run "$target" "fuzz/work/$target" "fuzz/corpus/$target" -- \
            -max_total_time={{ seconds }} -timeout=10 -rss_limit_mb=1024 -max_len=16384 -dict=fuzz/json.dict
    done
