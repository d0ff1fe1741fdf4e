//! The audit log itself.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use session_provider::Clock;
use tokio::sync::{Mutex, Notify};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::ledger::{Intended, IntentLedger};
use crate::audit::line;
use crate::audit::sink::{AppendFile, Sink};
use crate::audit::{AuditOutcome, AuditRecord};
use crate::config::AuditConfig;
use crate::telemetry::{LineWriter, metrics as names};

/// The longest that a request waits for its line. A disk that hangs must not hold requests for ever.
const WRITE_TIMEOUT: Duration = Duration::from_secs(1);

/// The pause between two tries to write what is owed.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// The audit log cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("audit.file: {0}")]
pub struct AuditSetupError(pub String);

/// A line could not be written, now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log cannot be written")]
pub struct AuditUnavailable;

/// The audit log. Cheap to clone.
///
/// Lines are written one after the other, each in one piece, on a thread that may block. Every intent that was written
/// gets its outcome line: an outcome that cannot be written in time is *owed*, and written when that becomes possible.
#[derive(Debug, Clone)]
pub struct AuditLog {
    clock: Clock,
    writer: Arc<Mutex<Writer>>,
    ledger: IntentLedger,
    failed: Arc<Notify>,
}

#[derive(Debug)]
struct Writer {
    sink: Box<dyn Sink>,
    ledger: IntentLedger,
}

impl AuditLog {
    /// Opens the sink.
    ///
    /// # Errors
    /// [`AuditSetupError`].
    pub fn open(config: &AuditConfig, clock: Clock) -> Result<Self, AuditSetupError> {
        let sink: Box<dyn Sink> = match &config.file {
            None => Box::new(LineWriter::stdout()),
            Some(path) => {
                let file = AppendFile::create(path)
                    .map_err(|error| AuditSetupError(format!("cannot append to {}: {error}", path.display())))?;
                Box::new(file)
            }
        };
        Ok(Self::with_sink(sink, clock))
    }

    fn with_sink(sink: Box<dyn Sink>, clock: Clock) -> Self {
        let ledger = IntentLedger::new(clock);
        let writer = Writer { sink, ledger: ledger.clone() };
        Self { clock, writer: Arc::new(Mutex::new(writer)), ledger, failed: Arc::default() }
    }

    /// Keeps trying to write what is owed, until `stop`.
    pub fn start(&self, tasks: &TaskTracker, stop: CancellationToken) {
        let this = self.clone();
        let retries = async move {
            loop {
                this.failed.notified().await;
                while this.ledger.owes() {
                    sleep(RETRY_EVERY).await;
                    let _ = this.settle().await;
                }
            }
        };
        tasks.spawn(async move { stop.run_until_cancelled(retries).await });
    }

    /// Writes and flushes the intent. Nothing may be sent upstream if this fails. Outcomes that could not be written
    /// before are written first, and if that fails again, so does this.
    ///
    /// An intent that is given up after a second is not written later; one that is being written at that moment gets
    /// its outcome, which says that it was refused.
    ///
    /// # Errors
    /// [`AuditUnavailable`].
    pub async fn intent(&self, record: AuditRecord) -> Result<Intended, AuditUnavailable> {
        let text = line::render(&record, None, self.clock.now());
        let intended = self.ledger.intend(record);
        let progress = intended.progress();
        let written = self.write(move |writer| {
            writer.settle()?;
            if progress.is_given_up() {
                return Ok(());
            }
            writer.sink.append(&text)?;
            progress.written();
            writer.settle()
        });
        let Err(reason) = written.await else { return Ok(intended) };
        if intended.give_up() {
            metrics::counter!(names::AUDIT_FAILURES, "phase" => "intent").increment(1);
            tracing::error!(%reason, "cannot write the audit log; mutations are refused until it can be written");
            return Err(AuditUnavailable);
        }
        Ok(intended)
    }

    /// Writes and flushes the outcome, for a second at most. If it cannot be written, it is owed, and intents are
    /// refused until it is written: then it may stand in the log twice (a write of which only the flush failed), rather
    /// than not at all.
    pub async fn outcome(&self, intended: Intended, outcome: AuditOutcome) {
        // Owed from the first poll on: it is not lost if whoever waits here goes away.
        intended.end(outcome);
        if let Err(reason) = self.settle().await {
            metrics::counter!(names::AUDIT_FAILURES, "phase" => "outcome").increment(1);
            tracing::error!(%reason, "cannot write an outcome to the audit log; mutations are refused until it can be");
        }
    }

    /// Writes the outcomes that are still owed, "unknown" for mutations that are still under way; for the end of the
    /// process.
    pub async fn finish(&self) {
        self.ledger.end_all();
        if !self.ledger.owes() {
            return;
        }
        if let Err(reason) = self.settle().await {
            let left = self.ledger.owed();
            tracing::error!(%reason, left, "outcomes of mutations are missing from the audit log; their intents are there");
        }
    }

    async fn settle(&self) -> Result<(), String> {
        self.write(Writer::settle).await
    }

    /// On the blocking pool, one at a time; the writer stays locked to the end, however long anybody waits.
    async fn write<F>(&self, work: F) -> Result<(), String>
    where
        F: FnOnce(&mut Writer) -> io::Result<()> + Send + 'static,
    {
        let writing = async {
            let mut writer = Arc::clone(&self.writer).lock_owned().await;
            spawn_blocking(move || work(&mut writer)).await
        };
        let written = match timeout(WRITE_TIMEOUT, writing).await {
            Ok(Ok(written)) => written.map_err(|error| error.to_string()),
            Ok(Err(panicked)) => Err(panicked.to_string()),
            Err(_) => Err(format!("not written within {} s", WRITE_TIMEOUT.as_secs())),
        };
        if written.is_err() {
            self.failed.notify_one();
        }
        written
    }
}

impl Writer {
    /// Writes what is owed, in order; what fails stays owed.
    fn settle(&mut self) -> io::Result<()> {
        while let Some(line) = self.ledger.oldest() {
            self.sink.append(&line)?;
            self.ledger.paid();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
