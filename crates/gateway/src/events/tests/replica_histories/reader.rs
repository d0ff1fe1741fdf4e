//! Whoever follows a stream, at one replica and then at another.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use serde_json::Value;
use tokio::time::Instant;

use crate::events::tests::consumer::Consumer;
use crate::events::tests::replica_histories::judge::{Judge, Told};
use crate::events::tests::replica_histories::one::One;

pub(super) struct Reader {
    pub(super) number: usize,
    pub(super) at: Arc<One>,
    pub(super) consumer: Consumer,
    /// When it came to this replica.
    pub(super) came: Instant,
    /// It goes on where it was elsewhere.
    pub(super) resumed: bool,
    pub(super) from: Option<String>,
    pub(super) last_snapshot: Option<Instant>,
    /// When it was first told anything here.
    pub(super) first_told: Option<Instant>,
    seen: usize,
}

impl Reader {
    pub(super) async fn new(number: usize, at: &Arc<One>) -> Self {
        let consumer = at.bench.follow().await;
        let (at, came) = (Arc::clone(at), Instant::now());
        Self { number, at, consumer, came, resumed: false, from: None, last_snapshot: None, first_told: None, seen: 0 }
    }

    /// Goes on at this replica, or begins anew there.
    pub(super) async fn go_to(&mut self, at: &Arc<One>, anew: bool) {
        let id = self.consumer.last_event_id.clone().filter(|_| !anew);
        let mut next = at.bench.follow_from(id.as_deref()).await;
        if id.is_some() {
            // What it knew included.
            (next.known, next.last_event_id) = (std::mem::take(&mut self.consumer.known), id.clone());
        }
        let (number, at, came) = (self.number, Arc::clone(at), Instant::now());
        *self = Self {
            number,
            at,
            consumer: next,
            came,
            resumed: id.is_some(),
            from: id,
            last_snapshot: None,
            first_told: None,
            seen: 0,
        };
    }

    /// Reads what has come, and has it judged.
    pub(super) fn read(&mut self, judge: &Judge) {
        if !self.at.is_there() {
            return;
        }
        let read = catch_unwind(AssertUnwindSafe(|| self.consumer.read()));
        let is_first = self.seen == 0;
        for (place, (kind, data)) in self.consumer.events[self.seen..].iter().enumerate() {
            let id = self.consumer.ids[self.seen + place].as_deref();
            let told = Told { reader: self, id, kind, data, is_first: is_first && place == 0 };
            judge.told(&told);
            self.first_told.get_or_insert_with(Instant::now);
            if kind == "snapshot" {
                self.last_snapshot = Some(Instant::now());
            }
        }
        self.seen = self.consumer.events.len();
        judge.violations.unless(read.is_ok(), || {
            let latest = &self.consumer.events[self.seen.saturating_sub(4)..];
            format!("{self}: an event that cannot follow {latest:?}")
        });
    }

    /// The ids of the sessions that it knows of; `None` while they are unknown.
    pub(super) fn sessions(&self) -> Option<BTreeSet<&str>> {
        let rooms = self.consumer.known.get("p")?.as_ref()?;
        Some(rooms.values().filter_map(|session| session["session_id"].as_str()).collect())
    }
}

impl std::fmt::Display for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "reader {} at replica {} since {:?} from {:?}",
            self.number,
            self.at.number,
            self.came.elapsed(),
            self.from
        )
    }
}

/// The ids of the sessions that a piece of a snapshot holds.
pub(super) fn in_snapshot(data: &Value) -> impl Iterator<Item = &str> {
    data["data"].as_array().into_iter().flatten().filter_map(|session| session["session_id"].as_str())
}
