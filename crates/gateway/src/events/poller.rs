//! Asks a provider what is live for as long as somebody listens.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use crate::changes::{Changes, Hint, RoomChange, Since, Subject};
use crate::events::change_log::ChangeLog;
use crate::events::pace::Pace;
use crate::providers::Provider;
use crate::reads::Reads;

/// Polls the log's provider; ends when it is dropped.
pub(super) async fn run(log: Arc<ChangeLog>, provider: Provider, reads: Reads, changes: Changes, poll_for: Duration) {
    let spacing = provider.health().budget.map_or(Duration::ZERO, |budget| budget.time_at_a_quarter_for(1));
    let mut pace = Pace::new(poll_for, spacing);
    // From the beginning: what is said while nobody listens is there for the first who does.
    let (mut hints, mut mutations) = (changes.subscribe_to_hints(), changes.subscribe());
    let note = |pace: &mut Pace| {
        let latest = log.latest();
        if let Some(latest) = latest {
            let since = changes.since(latest.began, log.provider(), || Subject::Provider);
            pace.note(latest, since == Since::Nothing);
        }
        latest
    };
    loop {
        log.audience().is(true).await;
        note(&mut pace);
        if pace.due() > Instant::now() {
            // Polled so lately that what is known is as new as ever.
            log.set_current(true);
        }
        while log.audience().is_there() {
            note(&mut pace);
            tokio::select! {
                biased;
                () = log.audience().is(false) => {}
                () = concerns(&mut hints, |hint: &Hint| hint.provider == *log.provider()) => pace.hint(),
                () = concerns(&mut mutations, |change: &RoomChange| change.provider == *log.provider()) => {
                    pace.mutate();
                }
                () = sleep_until(pace.due()) => {
                    let latest = note(&mut pace);
                    if pace.due() > Instant::now() {
                        // Somebody else's read has brought an answer meanwhile.
                        continue;
                    }
                    let known = latest.map(|latest| latest.began);
                    let newer_than = if pace.begin() { None } else { known };
                    let polled = reads.poll_live_sessions(&provider, newer_than).await;
                    log.polled(polled, known);
                }
            }
        }
        log.set_current(false);
    }
}

/// Resolves when something is told that `is_ours`, or may have been: one that fell behind has to look.
pub(super) async fn concerns<T>(told: &mut Receiver<Arc<T>>, is_ours: impl Fn(&T) -> bool) {
    loop {
        match told.recv().await {
            Ok(told) if is_ours(&told) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
