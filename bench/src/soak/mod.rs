//! A gateway under a steady load of everything for half an hour: its memory and its descriptors do not grow.

mod mix;
mod trend;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::arguments::{RunOrder, SoakOrder};
use crate::bench::Bench;
use crate::rollcall::Setup;
use crate::server::{SERVER_CORE, Server};
use crate::soak::mix::Mix;
use crate::soak::trend::per_ten_minutes;

const SAMPLE: Duration = Duration::from_secs(5);
/// Caches fill and pools grow at first: so much of the time is not judged.
const WARM_UP: f64 = 0.25;
/// Fewer samples say nothing.
const LEAST: usize = 24;
const MIB: f64 = 1024.0 * 1024.0;
/// The most that resident memory may grow in ten minutes.
const MOST_GROWTH: f64 = MIB;
/// Descriptors come and go with connections: how far a line through their numbers may rise in ten minutes.
const MOST_DESCRIPTORS: f64 = 2.0;

/// What became of the requests.
#[derive(Debug, Default)]
struct Tally {
    answered: AtomicU64,
    abandoned: AtomicU64,
    wrong: AtomicU64,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    seconds: f64,
    resident: f64,
    descriptors: f64,
}

pub(crate) async fn run(order: &SoakOrder) -> Result<()> {
    let bench = Bench::start(&RunOrder::of(order.rollcall.clone())).await?;
    let (_, binary) = &bench.binaries[0];
    let setup = Setup { cache: "max_bytes = \"32MiB\"".to_owned(), ..Setup::with_sessions(200, 200) };
    let server = bench.rollcall_on(binary, &setup, SERVER_CORE, 2).await?;
    let tally = Arc::<Tally>::default();
    let length = Duration::from_secs_f64(order.minutes * 60.0);
    let load = load(&server, order.per_second, length, &tally);
    let (sent, samples) = tokio::join!(load, samples(&server, length, &tally));
    sent?;
    judge(&samples?, &tally)
}

/// Sends what the mix says when it is due.
async fn load(server: &Server, per_second: u32, length: Duration, tally: &Arc<Tally>) -> Result<()> {
    let mut mix = Mix::new(&server.origin)?;
    let mut ticks = interval(Duration::from_secs(1) / per_second);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    let end = Instant::now() + length;
    while ticks.tick().await < end {
        while under_way.try_join_next().is_some() {}
        let (order, tally) = (mix.next()?, Arc::clone(tally));
        under_way.spawn(async move {
            let counter = match order.send().await {
                None => &tally.abandoned,
                Some(true) => &tally.answered,
                Some(false) => &tally.wrong,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        });
    }
    while under_way.join_next().await.is_some() {}
    Ok(())
}

async fn samples(server: &Server, length: Duration, tally: &Tally) -> Result<Vec<Sample>> {
    let since = Instant::now();
    let mut samples = Vec::new();
    let mut ticks = interval(SAMPLE);
    while ticks.tick().await.duration_since(since) < length {
        let usage = server.usage()?;
        let (resident, descriptors) = (usage.resident as f64, usage.descriptors as f64);
        let seconds = since.elapsed().as_secs_f64();
        samples.push(Sample { seconds, resident, descriptors });
        if samples.len() % 12 == 1 {
            let Tally { answered, abandoned, wrong } = tally;
            println!(
                "{:>4.0} min: {:.1} MiB resident, {descriptors} descriptors, {answered:?} answered, {abandoned:?} \
                 abandoned, {wrong:?} wrong",
                seconds / 60.0,
                resident / MIB
            );
        }
    }
    Ok(samples)
}

fn judge(samples: &[Sample], tally: &Tally) -> Result<()> {
    let wrong = tally.wrong.load(Ordering::Relaxed);
    if wrong > 0 {
        bail!("{wrong} answers were not what they should be");
    }
    let judged = &samples[(samples.len() as f64 * WARM_UP) as usize..];
    if judged.len() < LEAST {
        println!("too short to say whether anything grows");
        return Ok(());
    }
    let growth = per_ten_minutes(judged, |sample| sample.resident);
    let descriptors = per_ten_minutes(judged, |sample| sample.descriptors);
    let least = judged.iter().map(|sample| sample.descriptors).fold(f64::INFINITY, f64::min);
    let most = judged.iter().map(|sample| sample.descriptors).fold(0.0, f64::max);
    println!(
        "resident memory {:+.2} MiB in ten minutes, descriptors {descriptors:+.2} ({least} to {most}), after a warm-up \
         of {:.0} s",
        growth / MIB,
        judged[0].seconds
    );
    // A line that falls is a peak early on, no leak.
    if growth > MOST_GROWTH || descriptors > MOST_DESCRIPTORS {
        bail!("it grows");
    }
    Ok(())
}
