//! The one writer of a sink: lines go into a bounded queue, and a thread of its own, which alone may block, writes them
//! in batches. Whoever stops reading our standard output stops that thread and nothing else.
//!
//! The first line after some quiet is written at once, what follows it in one batch every [`PAUSE`]: to wake the thread
//! and write for each line would cost more than many a request that the line tells of.

use std::fmt;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::telemetry::metrics as names;

/// The most bytes of lines that wait to be written. What does not fit is dropped and counted.
const MAX_WAITING: usize = 4 << 20;

/// How long the thread gathers lines between two writes, unless something is urgent.
const PAUSE: Duration = Duration::from_millis(10);

/// So many bytes of lines are not kept waiting for the pause to end: what a pipe takes at once.
const FULL_BATCH: usize = 64 << 10;

/// The most lines whose writers wait for them. Each is one mutation under way.
const MAX_CONFIRMED: usize = 10_000;

/// A buffer that a burst has made larger than this is given back.
const KEPT_CAPACITY: usize = 4 * FULL_BATCH;

/// The way to the writer of one sink. Cheap to clone; clones share the queue, so lines never mix.
#[derive(Clone)]
pub struct LineWriter(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    /// The thread has something to do.
    queued: Condvar,
    /// A batch was written.
    written: Condvar,
}

#[derive(Default)]
struct Queue {
    lines: Vec<u8>,
    confirmed: Vec<Confirmed>,
    /// The thread waits for a first line. Otherwise it comes by itself.
    is_resting: bool,
    /// Somebody waits until all is written.
    is_flushing: bool,
    /// Batches taken so far and batches written: equal when the thread rests.
    taken: u64,
    done: u64,
}

/// A line whose writer wants to know what became of it.
struct Confirmed {
    line: Vec<u8>,
    done: SyncSender<io::Result<()>>,
}

static STDOUT: OnceLock<LineWriter> = OnceLock::new();
static STDERR: OnceLock<LineWriter> = OnceLock::new();

impl LineWriter {
    /// Starts the thread that writes to this sink.
    #[must_use]
    pub fn new(sink: impl Write + Send + 'static) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), queued: Condvar::new(), written: Condvar::new() });
        let of_thread = Arc::clone(&shared);
        let started = std::thread::Builder::new().name("line-writer".to_owned()).spawn(move || of_thread.run(sink));
        if let Err(error) = started {
            // Without it lines are dropped and counted, and audit lines refused.
            let _ = writeln!(io::stderr(), "no thread to write the log can be started: {error}");
        }
        Self(shared)
    }

    /// The writer of this process's standard output.
    #[must_use]
    pub fn stdout() -> Self {
        STDOUT.get_or_init(|| Self::new(io::stdout())).clone()
    }

    /// The writer of this process's standard error.
    #[must_use]
    pub fn stderr() -> Self {
        STDERR.get_or_init(|| Self::new(io::stderr())).clone()
    }

    /// Queues a line that ends with its newline, or several. Never blocks: when the queue is full they are dropped and
    /// counted.
    pub fn line(&self, line: &[u8]) {
        let mut queue = self.0.lock();
        if queue.lines.len() + line.len() > MAX_WAITING {
            drop(queue);
            metrics::counter!(names::LOG_LINES_DROPPED).increment(1);
            return;
        }
        let was_full = queue.lines.len() >= FULL_BATCH;
        queue.lines.extend_from_slice(line);
        let is_due = std::mem::take(&mut queue.is_resting) || (!was_full && queue.lines.len() >= FULL_BATCH);
        drop(queue);
        if is_due {
            self.0.queued.notify_one();
        }
    }

    /// Queues a line and waits until it is out of this process's hands. Blocks, however long that takes.
    ///
    /// # Errors
    /// The sink's own; `WouldBlock` when too many wait already.
    pub fn write_through(&self, line: &[u8]) -> io::Result<()> {
        let confirmation = self.confirm(line)?;
        confirmation.recv().unwrap_or_else(|_| Err(io::Error::other("the writer is gone")))
    }

    fn confirm(&self, line: &[u8]) -> io::Result<Receiver<io::Result<()>>> {
        let (done, confirmation) = sync_channel(1);
        let mut queue = self.0.lock();
        if queue.confirmed.len() >= MAX_CONFIRMED {
            return Err(io::Error::new(io::ErrorKind::WouldBlock, "too many lines wait to be written"));
        }
        queue.confirmed.push(Confirmed { line: line.to_vec(), done });
        drop(queue);
        self.0.queued.notify_one();
        Ok(confirmation)
    }

    /// [Flushes](Self::flush) standard output and standard error, where they were used, each for at most so long.
    pub fn flush_standard(at_most: Duration) {
        for writer in [&STDOUT, &STDERR].into_iter().filter_map(OnceLock::get) {
            writer.flush(at_most);
        }
    }

    /// Waits until all that was queued so far is written, at most so long. Blocks; for the end of the process.
    pub fn flush(&self, at_most: Duration) {
        let mut queue = self.0.lock();
        queue.is_flushing = true;
        self.0.queued.notify_one();
        let is_waiting = |queue: &mut Queue| !queue.is_empty() || queue.done < queue.taken;
        let _ = self.0.written.wait_timeout_while(queue, at_most, is_waiting).unwrap_or_else(PoisonError::into_inner);
    }
}

impl Queue {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.confirmed.is_empty()
    }

    fn is_urgent(&self) -> bool {
        self.is_flushing || !self.confirmed.is_empty() || self.lines.len() >= FULL_BATCH
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Every change under the lock is complete or panics before it begins.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes batch after batch, for as long as the process lives.
    fn run(&self, mut sink: impl Write) {
        let mut lines = Vec::new();
        // The last write broke off: what follows begins on a line of its own.
        let mut is_torn = false;
        loop {
            let confirmed = {
                let mut queue = self.lock();
                queue.is_resting = true;
                let mut queue =
                    self.queued.wait_while(queue, |queue| queue.is_empty()).unwrap_or_else(PoisonError::into_inner);
                queue.is_resting = false;
                queue.is_flushing = false;
                queue.taken += 1;
                std::mem::swap(&mut lines, &mut queue.lines);
                std::mem::take(&mut queue.confirmed)
            };
            if !lines.is_empty() && write(&mut sink, &lines, &mut is_torn).is_err() {
                let lost = lines.iter().filter(|byte| **byte == b'\n').count();
                metrics::counter!(names::LOG_LINES_DROPPED).increment(lost as u64);
            }
            for Confirmed { line, done } in confirmed {
                // Nobody may be waiting any more.
                let _ = done.send(write(&mut sink, &line, &mut is_torn));
            }
            lines.clear();
            lines.shrink_to(KEPT_CAPACITY);
            let mut queue = self.lock();
            queue.done += 1;
            self.written.notify_all();
            let paused = self.queued.wait_timeout_while(queue, PAUSE, |queue| !queue.is_urgent());
            drop(paused.unwrap_or_else(PoisonError::into_inner));
        }
    }
}

fn write(sink: &mut impl Write, bytes: &[u8], is_torn: &mut bool) -> io::Result<()> {
    if std::mem::replace(is_torn, true) {
        sink.write_all(b"\n")?;
    }
    sink.write_all(bytes)?;
    sink.flush()?;
    *is_torn = false;
    Ok(())
}

/// One write is one line, or several: that is how formatters of log lines use a writer.
impl Write for LineWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for LineWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineWriter")
    }
}

#[cfg(test)]
mod tests;
