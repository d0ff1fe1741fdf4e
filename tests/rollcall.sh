# Sourced by the scripts that run Rollcall, with `root` set: exports ROLLCALL, the binary to run, by its whole path. Built when it is not given.
if [ -z "${ROLLCALL:-}" ]; then
  cargo build --locked --manifest-path "$root/Cargo.toml" --package gateway --bin rollcall
  ROLLCALL="$root/target/debug/rollcall"
fi
ROLLCALL=$(realpath "$ROLLCALL")
export ROLLCALL
