//! What replicas promise of streams, held against what readers were told.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::events::tests::replica_histories::history::Kinds;
use crate::events::tests::replica_histories::reader::{Reader, in_snapshot};
use crate::events::tests::replica_histories::world::SLOWEST;
use crate::testing::seeds::Violations;

/// From so long after an answer a mutation counts on all replicas.
const SOON: Duration = Duration::from_millis(100);

/// The longest between two polls.
const LONGEST_GAP: Duration = Duration::from_millis(5_000);

/// From when on what has happened is known to all readers: a poll that just missed it, the longest gap, and the way to the
/// log and from there.
const KNOWN_AFTER: Duration = Duration::from_millis(5_900);

/// The shortest between two polls where nothing goes wrong.
const SHORTEST_GAP: Duration = Duration::from_millis(1_900);

/// An event, as a reader was told.
pub(super) struct Told<'a> {
    pub(super) reader: &'a Reader,
    pub(super) id: Option<&'a str>,
    pub(super) kind: &'a str,
    pub(super) data: &'a Value,
    /// Of this stream.
    pub(super) is_first: bool,
}

pub(super) struct Judge {
    pub(super) violations: Violations,
    kinds: Kinds,
    records: Mutex<Records>,
}

#[derive(Default)]
struct Records {
    /// Sessions that the provider has, or had.
    sessions: HashMap<String, Lived>,
    events: HashMap<String, (String, Value)>,
    polls: Vec<(u64, Instant)>,
    /// When a replica died, ended or began to stand still.
    disturbed: Vec<Instant>,
    /// When a mutation or a hint had the list asked for at once.
    looked: Vec<Instant>,
    /// When nobody listened at a replica that went.
    unheard: Vec<Instant>,
}

struct Lived {
    began: Instant,
    ended: Option<Instant>,
    /// When the mutation that ended it was answered.
    kicked: Option<Instant>,
}

/// The part of an id before its number.
fn epoch(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(epoch, _)| epoch)
}

impl Judge {
    pub(super) fn new(kinds: Kinds) -> Self {
        Self { violations: Violations::default(), kinds, records: Mutex::default() }
    }

    pub(super) fn began(&self, id: &str) {
        let lived = Lived { began: Instant::now(), ended: None, kicked: None };
        self.records().sessions.insert(id.to_owned(), lived);
    }

    pub(super) fn ended(&self, id: &str) {
        self.records().sessions.get_mut(id).unwrap().ended = Some(Instant::now());
    }

    pub(super) fn kicked(&self, id: &str) {
        self.records().sessions.get_mut(id).unwrap().kicked = Some(Instant::now());
    }

    pub(super) fn polled(&self, one: u64) {
        self.records().polls.push((one, Instant::now()));
    }

    pub(super) fn is_disturbed(&self) {
        self.records().disturbed.push(Instant::now());
    }

    pub(super) fn is_looked(&self) {
        self.records().looked.push(Instant::now());
    }

    pub(super) fn is_unheard(&self) {
        self.records().unheard.push(Instant::now());
    }

    pub(super) fn told(&self, told: &Told<'_>) {
        let Told { reader, id, kind, data, is_first } = told;
        let records = &mut *self.records();
        let unless = |holds, what: &str| self.violations.unless(holds, || format!("{reader}: {what}: {id:?} {data}"));
        match *kind {
            "snapshot" => {
                // A poller that cannot go on where the last one stood begins another epoch.
                let went_on = *is_first && reader.from.as_deref().map(epoch) == id.map(epoch);
                unless(
                    !(self.kinds.store_is_good() && !self.kinds.provider_fails && went_on),
                    "a snapshot for one who goes on",
                );
                if self.kinds.store_is_good() {
                    let is_over = |id: &str| {
                        let kicked = records.sessions.get(id).and_then(|lived| lived.kicked);
                        kicked.is_some_and(|kicked| kicked + SOON <= reader.came)
                    };
                    unless(reader.resumed || !in_snapshot(data).any(is_over), "from before a mutation");
                }
                return;
            }
            "session_ended" => {
                let session = data["session_id"].as_str().unwrap_or_default();
                let is_over = records.sessions.get(session).is_some_and(|lived| lived.ended.is_some());
                unless(is_over, "has not ended");
            }
            "bye" => return unless(false, "nobody told it to end"),
            _ => {}
        }
        let Some(id) = id else { return unless(false, "an event without an id") };
        let event = (kind.to_string(), (*data).clone());
        let known = records.events.entry((*id).to_owned()).or_insert_with(|| event.clone());
        unless(*known == event, "another event has this id");
    }

    /// What a reader knows while others may die, and the store is good.
    pub(super) fn knows(&self, reader: &Reader) {
        let now = Instant::now();
        let Some(since) = now.checked_sub(KNOWN_AFTER).filter(|since| *since >= reader.came) else { return };
        let records = self.records();
        let disturbed = records.disturbed.iter().filter(|at| **at >= since).count();
        let was_there = reader.at.is_there() && reader.at.process.standstill.was_off_since(since);
        if !self.kinds.store_is_good() || self.kinds.provider_fails || disturbed > 1 || !was_there {
            return;
        }
        let Some(known) = reader.sessions() else {
            return self.violations.unless(false, || format!("{reader}: knows nothing"));
        };
        for (id, lived) in &records.sessions {
            let is_known = known.contains(id.as_str());
            let is_missing = lived.began <= since && lived.ended.is_none() && !is_known;
            self.violations.unless(!is_missing, || format!("{reader}: does not know of {id}"));
            let is_told = lived.ended.is_none_or(|ended| ended > since) || !is_known;
            self.violations.unless(is_told, || format!("{reader}: does not know that {id} has ended"));
        }
    }

    /// After all has been good for long.
    pub(super) fn at_the_end(&self, readers: &[Reader]) {
        let records = self.records();
        let is_live = |(id, lived): (&'_ String, &Lived)| lived.ended.is_none().then(|| id.clone());
        let live: std::collections::BTreeSet<String> = records.sessions.iter().filter_map(is_live).collect();
        for reader in readers {
            let known = reader.sessions();
            let same = known.as_ref().is_some_and(|known| known.iter().copied().eq(live.iter().map(String::as_str)));
            self.violations.unless(same, || format!("{reader}: knows {known:?} in the end, and live are {live:?}"));
            // The first time it came nobody had been told anything. Who is told nothing in between goes on.
            let matters = |flip: &Instant| reader.first_told.is_some_and(|told| told < *flip);
            let flip = reader.at.flips.lock().unwrap().iter().skip(1).copied().rfind(matters);
            let has_snapshot = flip.is_none_or(|flip| reader.last_snapshot.is_some_and(|at| at >= flip));
            self.violations.unless(has_snapshot, || format!("{reader}: no snapshot after the store went or came"));
        }
        if self.kinds.store_is_good() && !self.kinds.provider_fails {
            self.is_polled_evenly(&records);
        }
    }

    /// By one, and without gaps.
    fn is_polled_evenly(&self, records: &Records) {
        let polls = || records.polls.iter().zip(&records.polls[1..]);
        for ((_, before), (_, after)) in polls() {
            let gap = *after - *before;
            let within = |moments: &[Instant]| moments.iter().filter(|at| (*before..=*after).contains(at)).count();
            let excused = within(&records.disturbed) > 1 || within(&records.unheard) > 0;
            self.violations.unless(gap <= LONGEST_GAP + SLOWEST || excused, || format!("nobody polled for {gap:?}"));
        }
        let (Some((_, first)), Some((_, last))) = (records.polls.first(), records.polls.last()) else { return };
        let regular = (*last - *first).div_duration_f64(SHORTEST_GAP);
        let handed_over = polls().filter(|((one, _), (other, _))| one != other).count();
        let most = 1.0 + regular + (records.looked.len() + handed_over) as f64;
        let polled = records.polls.len();
        self.violations.unless(!self.kinds.is_quiet() || polled as f64 <= most, || {
            format!(
                "polled {polled} times, {} of them for a mutation, {handed_over} times by another",
                records.looked.len()
            )
        });
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap()
    }
}
