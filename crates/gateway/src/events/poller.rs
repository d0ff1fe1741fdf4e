//! Asks a provider what is live for as long as somebody listens.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, OptionFuture};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::changes::{Changes, Hint, RoomChange, Since, Subject};
use crate::events::batch::{Brought, Latest};
use crate::events::change_log::ChangeLog;
use crate::events::pace::Pace;
use crate::events::shared_writer::SharedWriter;
use crate::providers::Provider;
use crate::reads::{NewerThan, Reads};

/// The poller of a log's provider.
#[derive(Debug)]
pub(super) struct Poller {
    pub(super) log: Arc<ChangeLog>,
    pub(super) provider: Provider,
    pub(super) reads: Reads,
    pub(super) changes: Changes,
    pace: Pace,
    /// From the beginning: what is said while nobody listens is there for the first who does.
    hints: Receiver<Arc<Hint>>,
    mutations: Receiver<Arc<RoomChange>>,
    answers: Option<watch::Receiver<()>>,
}

impl Poller {
    pub(super) fn new(log: Arc<ChangeLog>, provider: Provider, reads: Reads, changes: Changes) -> Self {
        let spacing = provider.health().budget.map(|budget| budget.time_at_a_quarter_for(1)).unwrap_or_default();
        let pace = Pace::new(log.poll_for, spacing);
        let (hints, mutations) = (changes.subscribe_to_hints(), changes.subscribe());
        let answers = changes.subscribe_to_answers(log.provider());
        Self { log, provider, reads, changes, pace, hints, mutations, answers }
    }

    fn note(&mut self) -> Option<Latest> {
        let latest = self.log.latest();
        if let Some(latest) = latest {
            let since = self.changes.since(latest.began, self.log.provider(), || Subject::Provider);
            self.pace.note(latest, since == Since::Nothing);
        }
        latest
    }

    /// Polls while somebody listens. Among replicas what comes of it is written by `writer`; ends when it cannot write.
    pub(super) async fn poll_while_heard(&mut self, mut writer: Option<&mut SharedWriter>) {
        let log = Arc::clone(&self.log);
        self.note();
        if self.pace.due() > Instant::now() {
            // Polled so lately that what is known is as new as ever.
            log.set_current(true);
        }
        let mut polling: OptionFuture<BoxFuture<'static, Brought>> = None.into();
        let mut is_polling = false;
        while log.audience().is_there() {
            let latest = self.note();
            let among_replicas = writer.is_some();
            let brought = tokio::select! {
                biased;
                () = log.audience().is(false) => continue,
                answer = log.queued(), if among_replicas => Brought::Answer(answer),
                () = concerns(&mut self.hints, |hint: &Hint| hint.provider == *log.provider()) => {
                    self.pace.hint();
                    continue;
                }
                () = concerns(&mut self.mutations, |change: &RoomChange| change.provider == *log.provider()) => {
                    self.pace.mutate();
                    continue;
                }
                () = told(&mut self.answers), if among_replicas => {
                    let after = latest.and_then(|latest| latest.number).unwrap_or(0);
                    match self.reads.take_live_sessions(&self.provider, after).await {
                        Some(answer) => Brought::Answer(answer),
                        None => continue,
                    }
                }
                Some(brought) = &mut polling, if is_polling => {
                    (polling, is_polling) = (None.into(), false);
                    brought
                }
                () = sleep_until(self.pace.due()), if !is_polling => {
                    let latest = self.note();
                    // Else somebody's read has brought an answer meanwhile.
                    if self.pace.due() <= Instant::now() {
                        (polling, is_polling) = (Some(self.poll(latest)).into(), true);
                    }
                    continue;
                }
            };
            match &mut writer {
                None => log.take(brought),
                Some(writer) => {
                    if !writer.write(&log, brought).await {
                        return;
                    }
                }
            }
        }
    }

    fn poll(&mut self, latest: Option<Latest>) -> BoxFuture<'static, Brought> {
        let newer = latest.map(Latest::newer);
        // What was said to have happened has outdated the answers of other replicas, too.
        let newer_than = if self.pace.begin() { newer.map(NewerThan::of_others) } else { newer };
        let (reads, provider) = (self.reads.clone(), self.provider.clone());
        let before = latest.map(|latest| latest.began);
        async move { Brought::Poll { polled: reads.poll_live_sessions(&provider, newer_than).await, before } }.boxed()
    }
}

/// Resolves when another replica has had an answer.
async fn told(answers: &mut Option<watch::Receiver<()>>) {
    if let Some(answers) = answers
        && answers.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
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
