//! Many seeded histories, each on a paused clock of its own.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What was found wrong in a history. Tasks cannot fail a test: they say so here. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Violations(Arc<Mutex<Vec<String>>>);

impl Violations {
    pub(crate) fn unless(&self, holds: bool, told: impl FnOnce() -> String) {
        if !holds {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(told());
        }
    }

    pub(crate) fn first(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first().cloned()
    }
}

/// Runs so many histories unless the environment says otherwise: `ROLLCALL_REPLICA_HISTORIES` how many,
/// `ROLLCALL_REPLICA_SEED` which one alone. Fails with what was found first in each that went wrong.
pub(crate) fn each<F: Future<Output = Option<String>>>(histories: u64, history: fn(u64) -> F) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let seeds: Range<u64> = match number("ROLLCALL_REPLICA_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("ROLLCALL_REPLICA_HISTORIES").unwrap_or(histories),
    };
    let (next, wrong) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                return;
            }
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_time().start_paused(true).build().unwrap();
            if let Some(told) = runtime.block_on(history(seed)) {
                wrong.lock().unwrap().push((seed, told));
            }
        }
    };
    thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    let told: Vec<_> = wrong.iter().map(|(seed, told)| format!("seed {seed}: {told}")).collect();
    assert!(wrong.is_empty(), "{} of {} histories:\n{}", wrong.len(), seeds.end - seeds.start, told.join("\n"));
}
