//! The audit log itself.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::Duration;

use session_provider::Clock;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::line;
use super::sink::{AppendFile, Sink, Stdout};
use crate::audit::{AuditOutcome, AuditRecord};
use crate::config::AuditConfig;

/// The longest that a request waits for its line. A disk that hangs must not hold requests for ever.
const WRITE_TIMEOUT: Duration = Duration::from_secs(2);

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
/// Lines are written one after the other, each in one piece, on a thread that may block.
#[derive(Debug, Clone)]
pub struct AuditLog {
    clock: Clock,
    writer: Arc<Mutex<Writer>>,
    owed: Owed,
}

/// Outcomes that are not written yet, oldest first. While there is one, no intent is accepted, so there are never
/// more than mutations under way.
type Owed = Arc<StdMutex<VecDeque<Vec<u8>>>>;

#[derive(Debug)]
struct Writer {
    sink: Box<dyn Sink>,
    owed: Owed,
}

impl AuditLog {
    /// Opens the sink.
    ///
    /// # Errors
    /// [`AuditSetupError`].
    pub fn open(config: &AuditConfig, clock: Clock) -> Result<Self, AuditSetupError> {
        let sink: Box<dyn Sink> = match &config.file {
            None => Box::new(Stdout),
            Some(path) => {
                let file = AppendFile::create(path)
                    .map_err(|error| AuditSetupError(format!("cannot append to {}: {error}", path.display())))?;
                Box::new(file)
            }
        };
        Ok(Self::with_sink(sink, clock))
    }

    fn with_sink(sink: Box<dyn Sink>, clock: Clock) -> Self {
        let owed = Owed::default();
        Self { clock, writer: Arc::new(Mutex::new(Writer { sink, owed: Arc::clone(&owed) })), owed }
    }

    /// Writes and flushes the intent. Nothing may be sent upstream if this fails. Outcomes that could not be written
    /// before are written first, and if that fails again, so does this.
    ///
    /// An intent that is given up after two seconds may still appear later, without an outcome: nothing was sent.
    ///
    /// # Errors
    /// [`AuditUnavailable`].
    pub async fn intent(&self, record: &AuditRecord) -> Result<(), AuditUnavailable> {
        let line = line::render(record, None, self.clock.now());
        let written = self.write(move |writer| {
            writer.settle()?;
            writer.sink.append(&line)
        });
        written.await.map_err(|reason| {
            metrics::counter!("rollcall_audit_failures_total", "phase" => "intent").increment(1);
            tracing::error!(%reason, "cannot write the audit log; mutations are refused until it can be written");
            AuditUnavailable
        })
    }

    /// Writes and flushes the outcome. If it cannot be written, it is kept, and intents are refused until it is:
    /// then it may stand in the log twice (a write of which only the flush failed), rather than not at all.
    pub async fn outcome(&self, record: &AuditRecord, outcome: AuditOutcome) {
        // Owed from the first poll on: it is not lost if whoever waits here goes away.
        lock(&self.owed).push_back(line::render(record, Some(outcome), self.clock.now()));
        if let Err(reason) = self.write(Writer::settle).await {
            metrics::counter!("rollcall_audit_failures_total", "phase" => "outcome").increment(1);
            tracing::error!(%reason, "cannot write an outcome to the audit log; mutations are refused until it can be");
        }
    }

    /// Writes the outcomes that are still owed; for the end of the process, when no later mutation will do it.
    pub async fn finish(&self) {
        if lock(&self.owed).is_empty() {
            return;
        }
        if let Err(reason) = self.write(Writer::settle).await {
            let left = lock(&self.owed).len();
            tracing::error!(%reason, left, "outcomes of mutations are missing from the audit log; their intents are there");
        }
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
        match timeout(WRITE_TIMEOUT, writing).await {
            Ok(Ok(written)) => written.map_err(|error| error.to_string()),
            Ok(Err(panicked)) => Err(panicked.to_string()),
            Err(_) => Err(format!("not written within {} s", WRITE_TIMEOUT.as_secs())),
        }
    }
}

impl Writer {
    /// Writes what is owed, in order; what fails stays owed.
    fn settle(&mut self) -> io::Result<()> {
        loop {
            let Some(line) = lock(&self.owed).front().cloned() else { return Ok(()) };
            self.sink.append(&line)?;
            lock(&self.owed).pop_front();
        }
    }
}

fn lock(owed: &Owed) -> MutexGuard<'_, VecDeque<Vec<u8>>> {
    owed.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "log/tests.rs"]
mod tests;
