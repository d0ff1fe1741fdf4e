//! Contestants under the same load, one after the other, round after round.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::bench::Bench;
use crate::load::{Counted, Load};
use crate::server::Server;
use crate::upstream::Asked;

/// Who takes part: a server and the load it is put under.
pub(crate) struct Contestant<'a> {
    pub(crate) name: String,
    pub(crate) server: &'a Server,
    pub(crate) load: Load,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: impl Into<String>, server: &'a Server, load: impl Into<Load>) -> Self {
        Self { name: name.into(), server, load: load.into() }
    }
}

/// What one contestant needed: medians over the rounds.
#[derive(Debug, Clone)]
pub(crate) struct Score {
    pub(crate) name: String,
    /// Processor time of the server for one answer, in microseconds.
    pub(crate) micros: f64,
    /// The same over that of the first contestant in the same round.
    pub(crate) ratio: f64,
    /// The same beyond that of the first contestant in the same round, in microseconds.
    pub(crate) beyond: f64,
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) failed: u64,
    /// What the upstream was asked for, for each answer.
    pub(crate) asked: Asked,
}

/// Processor time of one turn for each answer, and what the load saw.
struct Turn {
    micros: f64,
    ratio: f64,
    beyond: f64,
    counted: Counted,
    asked: Asked,
}

/// Runs the rounds: in each, every contestant has one turn. The first is the measure of the others.
pub(crate) async fn contest(bench: &Bench, contestants: &[Contestant<'_>]) -> Result<Vec<Score>> {
    contest_of(bench, contestants, bench.rounds, bench.seconds).await
}

/// The same with other rounds.
pub(crate) async fn contest_of(
    bench: &Bench,
    contestants: &[Contestant<'_>],
    rounds: usize,
    seconds: u64,
) -> Result<Vec<Score>> {
    let mut turns: Vec<Vec<Turn>> = contestants.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        let mut first = None;
        for (contestant, turns) in contestants.iter().zip(&mut turns) {
            let (before, asked) = (contestant.server.usage()?.cpu, bench.asked().await?);
            let counted = contestant.load.run(&contestant.server.origin, seconds).await?;
            let cpu = contestant.server.usage()?.cpu.saturating_sub(before);
            ensure!(counted.answers > 0, "{} answered nothing", contestant.name);
            let micros = cpu.as_secs_f64() * 1e6 / counted.answers as f64;
            let first = *first.get_or_insert(micros);
            let asked = bench.asked().await?.since(asked).over(counted.answers);
            turns.push(Turn { micros, ratio: micros / first, beyond: micros - first, counted, asked });
        }
    }
    contestants.iter().zip(turns).map(|(contestant, turns)| score(&contestant.name, &turns)).collect()
}

fn score(name: &str, turns: &[Turn]) -> Result<Score> {
    let median_of = |value: fn(&Turn) -> f64| median(turns.iter().map(value).collect()).context("no rounds");
    Ok(Score {
        name: name.to_owned(),
        micros: median_of(|turn| turn.micros)?,
        ratio: median_of(|turn| turn.ratio)?,
        beyond: median_of(|turn| turn.beyond)?,
        per_second: median_of(|turn| turn.counted.per_second)?,
        p50: Duration::from_secs_f64(median_of(|turn| turn.counted.p50.as_secs_f64())?),
        p99: Duration::from_secs_f64(median_of(|turn| turn.counted.p99.as_secs_f64())?),
        failed: turns.iter().map(|turn| turn.counted.failed).sum(),
        asked: Asked { exchanges: median_of(|turn| turn.asked.exchanges)?, bytes: median_of(|turn| turn.asked.bytes)? },
    })
}

/// The middle one; of two in the middle the mean.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get(values.len().checked_sub(1)? / 2)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
