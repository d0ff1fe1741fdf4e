//! What everything long-lived runs on, and how it ends.

use std::ffi::OsStr;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::cli::Failure;
use crate::telemetry::{Exports, LineWriter};

/// What blocking calls left over at the end may still take; then, for each of standard output and standard error, what
/// is left to write.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// The variable with which tokio lets the number of worker threads be set.
const WORKER_THREADS: &str = "TOKIO_WORKER_THREADS";

/// Runs a command that lives until it is told to stop, then sends and writes what it left. Neither a call that hangs
/// nor a pipe that nobody reads holds the end up for longer than some [`LAST_MOMENT`]s.
pub(super) fn run_to_the_end(
    command: impl Future<Output = Result<(), Failure>>,
    exports: &Exports,
) -> Result<(), Failure> {
    let runtime = runtime()?;
    let result = runtime.block_on(command);
    // Dropping it would wait for blocking calls without limit: an audit line on its way to an unread pipe is one.
    runtime.shutdown_timeout(LAST_MOMENT);
    exports.shut_down();
    LineWriter::flush_standard(LAST_MOMENT);
    result
}

/// The async runtime, for what does not end by [`run_to_the_end`].
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let mut builder = Builder::new_multi_thread();
    // tokio reads the variable itself, and panics on what it cannot use.
    if let Some(value) = std::env::var_os(WORKER_THREADS) {
        builder.worker_threads(worker_threads(&value)?);
    }
    builder.enable_all().build().map_err(|error| Failure::running(format!("cannot start the async runtime: {error}")))
}

fn worker_threads(value: &OsStr) -> Result<usize, Failure> {
    let number = value.to_str().and_then(|text| text.parse().ok()).filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| {
        Failure::usage(format!("{WORKER_THREADS}: must be a whole number from 1 to 1024; unset it for one a core"))
    })
}
