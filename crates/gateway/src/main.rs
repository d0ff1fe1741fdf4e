//! The `rollcall` program.
#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Faster than the system's on many small, short-lived allocations, which JSON is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    gateway::cli::run(std::env::args_os(), std::env::vars_os())
}
