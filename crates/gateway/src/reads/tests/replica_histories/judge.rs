//! What replicas promise, held against what they did.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::CacheConfig;
use crate::reads::testing::DEADLINE;
use crate::reads::tests::replica_histories::one::{One, REACHED_IN};
use crate::reads::tests::replica_histories::world::SLOWEST;
use crate::reads::{CacheStatus, ReadReply};
use crate::testing::seeds::Violations;

/// From so long after an answer it counts on all replicas.
pub(super) const SOON: Duration = Duration::from_millis(100);

/// The most that a request waits for the store.
const TIMEOUT: Duration = Duration::from_millis(50);

/// What ages may be off by: less than a way to the store takes.
const SLACK: Duration = Duration::from_millis(10);

/// The longest that a read may take while no replica dies or stands still: a load of another, which may be outdated or fail,
/// and then others, and a claim whose end is not told for a second.
const LONGEST: Duration = Duration::from_millis(2_500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    Room(&'static str),
    List,
}

impl Question {
    fn is_about(self, room: &str) -> bool {
        match self {
            Self::Room(name) => name == room,
            Self::List => true,
        }
    }
}

/// A read that has ended.
pub(super) struct Seen<'a> {
    pub(super) one: &'a One,
    pub(super) question: Question,
    pub(super) began: Instant,
    /// Whether it used the store then.
    pub(super) was_up: bool,
    pub(super) ended: Instant,
}

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replica {}, {:?}", self.one.number, self.question)
    }
}

/// A mutation that was answered.
pub(super) struct Mutated {
    pub(super) room: &'static str,
    pub(super) version: u64,
    pub(super) one: Arc<One>,
    pub(super) answered: Instant,
    /// The store had its mark by then.
    pub(super) stored: bool,
}

/// A call to the provider.
pub(super) struct UpstreamCall {
    pub(super) one: u64,
    pub(super) ended: Instant,
    pub(super) fails: bool,
}

/// An answer of the provider that all can have.
struct Fetched {
    question: Question,
    /// When the provider answered.
    at: Instant,
    told: Instant,
}

#[derive(Default)]
pub(super) struct Judge {
    pub(super) violations: Violations,
    /// Nothing fails but the provider.
    quiet: bool,
    /// Nothing that was given up reaches the store late: an answer that does is taken for younger than it is by as much.
    ages_are_exact: bool,
    records: Mutex<Records>,
}

#[derive(Default)]
struct Records {
    mutated: Vec<Mutated>,
    overtaken: Vec<(String, u64, Instant)>,
    touched: Vec<(&'static str, Instant)>,
    calls: Vec<UpstreamCall>,
    fetched: Vec<Fetched>,
    lost: Option<Instant>,
    /// Until when a replica stands still, or stood.
    stalled: Option<Instant>,
}

impl Records {
    /// Whether a replica has stood still or died since then: loads that others wait for may be its own.
    fn is_disturbed_since(&self, then: Option<Instant>) -> bool {
        self.stalled.is_some_and(|until| then.is_none_or(|then| until >= then))
    }
}

impl Judge {
    pub(super) fn new(quiet: bool, ages_are_exact: bool) -> Self {
        Self { quiet, ages_are_exact, ..Self::default() }
    }

    pub(super) fn called(&self, call: UpstreamCall) {
        self.records.lock().unwrap().calls.push(call);
    }

    pub(super) fn overtaken(&self, room: &str, version: u64) {
        self.records.lock().unwrap().overtaken.push((room.to_owned(), version, Instant::now()));
    }

    /// Anything that was known of the room is outdated from now on, or not fresh.
    pub(super) fn touched(&self, room: &'static str) {
        self.records.lock().unwrap().touched.push((room, Instant::now()));
    }

    pub(super) fn store_lost_data(&self) {
        self.records.lock().unwrap().lost = Some(Instant::now());
    }

    pub(super) fn stands_still(&self, until: Instant) {
        let mut records = self.records.lock().unwrap();
        records.stalled = records.stalled.max(Some(until));
    }

    pub(super) fn mutated(&self, mutated: Mutated, told: Instant) {
        let waited = mutated.answered - told;
        self.violations.unless(waited <= TIMEOUT || !mutated.one.process.standstill.was_off_since(told), || {
            format!("a mutation waited {waited:?} for the store")
        });
        self.records.lock().unwrap().mutated.push(mutated);
    }

    /// The store is used again soon after it answers.
    pub(super) fn is_up(&self, one: &One) {
        let now = Instant::now();
        let lost = self.records.lock().unwrap().lost;
        let since = now.checked_sub(REACHED_IN);
        if one.was_there_since(since) && lost.is_none_or(|lost| Some(lost) < since) {
            let is_up = one.replica.sharing.cluster().is_up();
            self.violations.unless(is_up, || format!("replica {} does not use a store that answers", one.number));
        }
    }

    /// No request fails but because the provider does.
    pub(super) fn failed(&self, seen: &Seen<'_>, problem: &str) {
        let records = self.records.lock().unwrap();
        let is_cause = |call: &UpstreamCall| {
            call.fails && call.one == seen.one.number && call.ended >= seen.began && call.ended <= seen.ended
        };
        // One load after the other may be outdated, or waited for in vain: what that comes to is not judged.
        let excused = seen.one.process.is_killed()
            || records.is_disturbed_since(seen.ended.checked_sub(DEADLINE))
            || records.touched.iter().any(|(room, at)| seen.question.is_about(room) && *at + LONGEST >= seen.ended)
            || records.calls.iter().any(is_cause);
        self.violations.unless(excused, || format!("{seen}: {problem}, though the provider did not fail"));
    }

    pub(super) fn answered(&self, seen: &Seen<'_>, reply: &ReadReply, versions: &[(&'static str, u64)]) {
        let mut records = self.records.lock().unwrap();
        for (room, version) in versions {
            self.is_not_outdated(&records, seen, reply, room, *version);
            self.is_as_old_as_told(&records, seen, reply, room, *version);
        }
        self.has_not_waited(&records, seen, reply);
        if self.quiet {
            self.is_shared(&records, seen, reply);
        }
        if reply.cache_status == (CacheStatus::Miss { collapsed: false, stored: true }) {
            let at = seen.ended.checked_sub(reply.age).unwrap();
            records.fetched.push(Fetched { question: seen.question, at, told: seen.ended });
        }
    }

    fn is_not_outdated(&self, records: &Records, seen: &Seen<'_>, reply: &ReadReply, room: &str, version: u64) {
        let since = seen.began.checked_sub(REACHED_IN);
        let is_due = |it: &&Mutated| {
            let is_told = if it.one.number == seen.one.number {
                it.answered <= seen.began
            } else if it.stored {
                it.answered + SOON <= seen.began
            } else {
                // As soon as its replica reaches the store.
                let since = since.and_then(|since| since.checked_sub(SOON));
                since.is_some_and(|since| it.answered <= since)
                    && !it.one.process.is_killed()
                    && it.one.was_there_since(since)
            };
            it.room == room && it.version > version && is_told
        };
        let Some(missed) = records.mutated.iter().filter(is_due).max_by_key(|it| it.version) else { return };
        let told = |why| {
            format!(
                "{seen}: version {version} of {room:?} was served {:?} after replica {} had answered that it is {}, \
                 {:?} old, {:?}: {why}",
                seen.began - missed.answered,
                missed.one.number,
                missed.version,
                reply.age,
                reply.cache_status
            )
        };
        self.violations.unless(missed.one.number != seen.one.number, || told("it knew that itself"));
        // While one stands still here its loads go on, and may find that the store does not answer.
        let could_ask = seen.one.was_there_since(since) || seen.one.could_reach_since(since) && seen.was_up;
        self.violations.unless(!could_ask, || told("it could have asked the store"));
        let is_fresh = reply.age <= CacheConfig::default().fresh_for + (seen.ended - seen.began);
        let is_excused = is_fresh || reply.cache_status == CacheStatus::Stale;
        self.violations.unless(is_excused, || told("beyond the fresh window"));
    }

    /// Ages do not depend on the replicas' clocks.
    fn is_as_old_as_told(&self, records: &Records, seen: &Seen<'_>, reply: &ReadReply, room: &str, version: u64) {
        let is_it = |it: &&(String, u64, Instant)| it.0 == room && it.1 == version;
        let Some((.., overtaken)) = records.overtaken.iter().find(is_it) else { return };
        // The provider decides what it answers when it is asked.
        let least = seen.ended.saturating_duration_since(*overtaken + SLOWEST);
        let excused = !self.ages_are_exact || records.is_disturbed_since(Some(*overtaken));
        self.violations.unless(excused || reply.age + SLACK >= least, || {
            let (age, status) = (reply.age, reply.cache_status);
            format!("{seen}: said to be {age:?} old, and was overtaken {least:?} ago, {status:?}")
        });
    }

    fn has_not_waited(&self, records: &Records, seen: &Seen<'_>, reply: &ReadReply) {
        if !seen.one.process.standstill.was_off_since(seen.began) {
            return;
        }
        // What it waits for may be outdated again and again.
        let touches = records.touched.iter().filter(|(room, _)| seen.question.is_about(room));
        let took = seen.ended - touches.map(|(_, at)| *at).max().unwrap_or(seen.began).max(seen.began);
        if !self.quiet {
            return;
        }
        let was_there = reply.age >= took + SOON && matches!(reply.cache_status, CacheStatus::Hit { .. });
        let most = if was_there { TIMEOUT } else { LONGEST };
        self.violations.unless(took <= most, || format!("{seen}: waited {took:?}, {:?}", reply.cache_status));
    }

    /// An answer fetched by one is a hit for all while it is fresh.
    fn is_shared(&self, records: &Records, seen: &Seen<'_>, reply: &ReadReply) {
        let is_touched = |since: Instant| {
            records.touched.iter().any(|(room, at)| seen.question.is_about(room) && *at + SLOWEST + SOON >= since)
        };
        let will_do = |it: &&Fetched| {
            it.question == seen.question
                && it.told + SOON <= seen.began
                && seen.ended <= it.at + CacheConfig::default().fresh_for
                && !is_touched(it.at)
        };
        let Some(fetched) = records.fetched.iter().find(will_do) else { return };
        self.violations.unless(matches!(reply.cache_status, CacheStatus::Hit { .. }), || {
            let ago = seen.began - fetched.told;
            format!("{seen}: {:?}, {ago:?} after a replica had that answer", reply.cache_status)
        });
    }
}
