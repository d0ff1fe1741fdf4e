//! Which intents stand without their outcome, and which outcomes are still to be written.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use session_provider::{Clock, ErrorKind};

use crate::audit::{AuditOutcome, AuditRecord, line};
use crate::telemetry::metrics as names;

/// The books. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct IntentLedger {
    clock: Clock,
    books: Arc<Mutex<Books>>,
}

#[derive(Debug, Default)]
struct Books {
    next: u64,
    /// Mutations whose intent is written, or about to be.
    open: HashMap<u64, Arc<AuditRecord>>,
    /// Outcomes that are not written yet, oldest first. While there is one, no intent is accepted, so there are never
    /// more than mutations under way.
    owed: VecDeque<Vec<u8>>,
}

/// A mutation whose intent was written down: the duty to say how it ended. Dropped, it ends as "unknown".
#[derive(Debug)]
pub struct Intended {
    ledger: IntentLedger,
    id: u64,
    progress: Progress,
}

/// How far the writing of an intent has come, between the thread that writes and the request that waits.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    state: Arc<AtomicU8>,
    ledger: IntentLedger,
    record: Arc<AuditRecord>,
}

const WAITING: u8 = 0;
const WRITTEN: u8 = 1;
const GIVEN_UP: u8 = 2;

impl IntentLedger {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, books: Arc::default() }
    }

    /// Opens the books for a mutation whose intent is about to be written.
    pub(super) fn intend(&self, record: AuditRecord) -> Intended {
        let mut books = self.lock();
        let id = books.next;
        books.next += 1;
        let record = Arc::new(record);
        books.open.insert(id, Arc::clone(&record));
        drop(books);
        let progress = Progress { state: Arc::new(AtomicU8::new(WAITING)), ledger: self.clone(), record };
        Intended { ledger: self.clone(), id, progress }
    }

    /// Owes the outcome of a mutation, unless it was said before.
    fn end(&self, id: u64, outcome: AuditOutcome) {
        let record = self.lock().open.remove(&id);
        if let Some(record) = record {
            self.owe(&record, outcome);
        }
    }

    fn owe(&self, record: &AuditRecord, outcome: AuditOutcome) {
        let line = line::render(record, Some(outcome), self.clock.now());
        let mut books = self.lock();
        books.owed.push_back(line);
        gauge(&books);
    }

    /// Owes "unknown" for every mutation that is still under way.
    pub(super) fn end_all(&self) {
        let open: Vec<u64> = self.lock().open.keys().copied().collect();
        open.into_iter().for_each(|id| self.end(id, UNKNOWN));
    }

    pub(super) fn oldest(&self) -> Option<Vec<u8>> {
        self.lock().owed.front().cloned()
    }

    /// The oldest is written.
    pub(super) fn paid(&self) {
        let mut books = self.lock();
        books.owed.pop_front();
        gauge(&books);
    }

    pub(super) fn owes(&self) -> bool {
        self.owed() > 0
    }

    pub(super) fn owed(&self) -> usize {
        self.lock().owed.len()
    }

    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const UNKNOWN: AuditOutcome = AuditOutcome::Unknown(ErrorKind::Internal);

fn gauge(books: &Books) {
    metrics::gauge!(names::AUDIT_OWED).set(books.owed.len() as f64);
}

impl Intended {
    pub(super) fn progress(&self) -> Progress {
        self.progress.clone()
    }

    pub(super) fn end(self, outcome: AuditOutcome) {
        self.ledger.end(self.id, outcome);
    }

    /// Gives the writing up, unless the intent stands by now.
    pub(super) fn give_up(&self) -> bool {
        self.progress.give_up()
    }
}

impl Drop for Intended {
    fn drop(&mut self) {
        if self.progress.give_up() {
            // It is not written, or its writer says that nothing was sent.
            self.ledger.lock().open.remove(&self.id);
        } else {
            self.ledger.end(self.id, UNKNOWN);
        }
    }
}

impl Progress {
    pub(super) fn is_given_up(&self) -> bool {
        self.state.load(Ordering::Acquire) == GIVEN_UP
    }

    /// The intent stands. If nobody waits for it any more nothing was sent, and that is its outcome.
    pub(super) fn written(&self) {
        if self.state.compare_exchange(WAITING, WRITTEN, Ordering::AcqRel, Ordering::Acquire).is_err() {
            self.ledger.owe(&self.record, AuditOutcome::NotSent);
        }
    }

    /// Whether the writing is given up; not if the intent stands by now.
    fn give_up(&self) -> bool {
        match self.state.compare_exchange(WAITING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(state) => state == GIVEN_UP,
        }
    }
}
