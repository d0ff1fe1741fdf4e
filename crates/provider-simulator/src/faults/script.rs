//! When which fault happens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::Pattern;
use crate::faults::Fault;

/// Which of the matching requests a rule takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Times {
    /// All of them, until the rule is removed.
    Always,
    /// The next so many.
    Next(u64),
    /// Only the nth, counted from 1.
    Nth(u64),
    /// Each with this chance (0 to 1), drawn from a generator with this seed.
    Chance {
        /// 0 never, 1 always.
        probability: f64,
        /// The same seed gives the same draws.
        seed: u64,
    },
}

/// Names a rule, to remove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleId(u64);

#[derive(Debug)]
struct Rule {
    id: RuleId,
    pattern: Pattern,
    times: Times,
    random: StdRng,
    matched: u64,
    hits: u64,
    fault: Fault,
}

impl Rule {
    fn takes(&mut self) -> bool {
        self.matched += 1;
        let takes = match self.times {
            Times::Always => true,
            Times::Next(count) => self.matched <= count,
            Times::Nth(nth) => self.matched == nth,
            Times::Chance { probability, .. } => self.random.random_bool(probability.clamp(0.0, 1.0)),
        };
        self.hits += u64::from(takes);
        takes
    }
}

/// The faults to come. Clones share the script, so it can be changed while the simulator runs.
///
/// The first rule that matches a request and takes it decides; rules behind it do not see (or count) that request.
#[derive(Debug, Clone, Default)]
pub struct Script(Arc<Mutex<Rules>>);

#[derive(Debug, Default)]
struct Rules {
    next: u64,
    rules: Vec<Rule>,
}

impl Script {
    /// Adds a rule behind those that are there.
    pub fn add(&self, pattern: impl Into<Pattern>, times: Times, fault: Fault) -> RuleId {
        let mut rules = self.rules();
        let id = RuleId(rules.next);
        rules.next += 1;
        let seed = if let Times::Chance { seed, .. } = times { seed } else { 0 };
        let random = StdRng::seed_from_u64(seed);
        rules.rules.push(Rule { id, pattern: pattern.into(), times, random, matched: 0, hits: 0, fault });
        id
    }

    /// Every matching request fails from now on.
    pub fn always(&self, pattern: impl Into<Pattern>, fault: Fault) -> RuleId {
        self.add(pattern, Times::Always, fault)
    }

    /// The next matching request fails.
    pub fn once(&self, pattern: impl Into<Pattern>, fault: Fault) -> RuleId {
        self.add(pattern, Times::Next(1), fault)
    }

    /// Takes a rule away; says whether it was there.
    pub fn remove(&self, id: RuleId) -> bool {
        let mut rules = self.rules();
        let before = rules.rules.len();
        rules.rules.retain(|r| r.id != id);
        rules.rules.len() < before
    }

    /// Takes all rules away.
    pub fn clear(&self) {
        self.rules().rules.clear();
    }

    /// How many requests a rule took; 0 when it is gone.
    #[must_use]
    pub fn hits(&self, id: RuleId) -> u64 {
        self.rules().rules.iter().find(|r| r.id == id).map_or(0, |r| r.hits)
    }

    pub(crate) fn pick(&self, method: &Method, path: &str) -> Option<Fault> {
        let mut rules = self.rules();
        let mut matching = rules.rules.iter_mut().filter(|r| r.pattern.matches(method, path));
        matching.find_map(|r| r.takes().then(|| r.fault.clone()))
    }

    fn rules(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
