//! Panics, told to the log: the standard library's own hook writes to standard error from the thread that panics, which
//! would wait there if nobody reads it.

use std::panic::PanicHookInfo;

/// From now on a panic is a line of the log.
pub(super) fn to_the_log() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("not a text");
        tracing::error!(location, message, "a panic: this is our bug");
    }));
}
