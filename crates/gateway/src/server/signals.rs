//! SIGTERM, SIGINT and SIGHUP.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the gateway. Listens from its making on, so none is lost.
#[derive(Debug)]
pub struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Option<Signal>,
}

impl StopSignals {
    /// Starts to listen. A SIGHUP that whoever started the process has it ignore (`nohup`) stays ignored.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn listen() -> std::io::Result<Self> {
        let own_status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Self::listen_to(!ignores_hangup(&own_status))
    }

    fn listen_to(hangup: bool) -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: hangup.then(|| signal(SignalKind::hangup())).transpose()?,
        })
    }

    /// Resolves at the next of them: somebody wants the end, or the terminal has closed.
    pub async fn next(&mut self) {
        let Some(hangup) = &mut self.hangup else { return self.insisted().await };
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    /// Resolves when somebody wants the end. A terminal that closes does not hurry: its shell and the system each tell
    /// of it.
    pub async fn insisted(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Whether the process was started to ignore SIGHUP, by its `/proc/self/status`: bit 0 of the mask of ignored signals.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use rustix::process::{Signal as Number, getpid, kill_process};

    use super::*;

    #[tokio::test]
    async fn a_terminal_that_closes_begins_the_end_and_does_not_hurry_it() {
        let mut signals = StopSignals::listen_to(true).unwrap();
        let mut delivered = signal(SignalKind::hangup()).unwrap();
        kill_process(getpid(), Number::HUP).unwrap();
        signals.next().await;
        delivered.recv().await;
        kill_process(getpid(), Number::HUP).unwrap();
        delivered.recv().await;
        assert!(signals.insisted().now_or_never().is_none());
        kill_process(getpid(), Number::TERM).unwrap();
        signals.insisted().await;
    }

    #[test]
    fn a_hangup_that_is_ignored_is_known_from_the_mask() {
        for (status, ignored) in [
            ("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n", true),
            ("Name:\tx\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n", false),
            ("SigIgn:\tnonsense\n", false),
            ("", false),
        ] {
            assert_eq!(ignores_hangup(status), ignored, "{status}");
        }
    }
}
