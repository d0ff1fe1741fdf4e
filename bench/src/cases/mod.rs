//! What is measured, one file for each kind of case.

mod algorithms;
mod bound;
mod connections;
mod cores;
mod hit;
mod miss;
mod pages;
mod rebuild;
mod refresh;
mod replicas;
mod slopes;
mod start;
mod streams;

use std::pin::Pin;

use anyhow::{Result, bail};

use crate::bench::Bench;
use crate::table::Line;

/// Answers lines of the table.
pub(crate) type Case = for<'a> fn(&'a Bench) -> Pin<Box<dyn Future<Output = Result<Vec<Line>>> + 'a>>;

const CASES: [(&str, Case); 27] = [
    ("hit", |bench| Box::pin(hit::session(bench))),
    ("304", |bench| Box::pin(hit::unchanged(bench))),
    ("list100", |bench| Box::pin(hit::list(bench, 100))),
    ("list1000", |bench| Box::pin(hit::list(bench, 1000))),
    ("http2", |bench| Box::pin(hit::http2(bench))),
    ("pipelined", |bench| Box::pin(hit::pipelined(bench))),
    ("connections", |bench| Box::pin(connections::connections(bench))),
    ("rs256", |bench| Box::pin(algorithms::algorithms(bench))),
    ("cores", |bench| Box::pin(cores::cores(bench))),
    ("pages", |bench| Box::pin(pages::pages(bench))),
    ("miss-huddle01", |bench| Box::pin(miss::session(bench, "huddle01"))),
    ("miss-realtimekit", |bench| Box::pin(miss::session(bench, "realtimekit"))),
    ("rebuild-huddle01", |bench| Box::pin(rebuild::list(bench, "huddle01", 1000, 0))),
    ("rebuild-realtimekit", |bench| Box::pin(rebuild::list(bench, "realtimekit", 1000, 0))),
    ("churn-huddle01", |bench| Box::pin(rebuild::list(bench, "huddle01", 1000, 10))),
    ("churn-realtimekit", |bench| Box::pin(rebuild::list(bench, "realtimekit", 1000, 10))),
    ("refresh", |bench| Box::pin(refresh::refresh(bench))),
    ("streams", |bench| Box::pin(streams::streams(bench))),
    ("replicas", |bench| Box::pin(replicas::replicas(bench))),
    ("fleet", |bench| Box::pin(replicas::fleet(bench))),
    ("start", |bench| Box::pin(start::start(bench))),
    ("sessions", |bench| Box::pin(slopes::sessions(bench))),
    ("rebuilt", |bench| Box::pin(slopes::rebuilt(bench))),
    ("providers", |bench| Box::pin(slopes::providers(bench))),
    ("keys", |bench| Box::pin(slopes::keys(bench))),
    ("callers", |bench| Box::pin(slopes::callers(bench))),
    ("memory", |bench| Box::pin(bound::memory(bench))),
];

/// The cases of these names, or all, in the order of the table.
pub(crate) fn chosen(names: &[String]) -> Result<Vec<Case>> {
    let known = || CASES.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    if let Some(unknown) = names.iter().find(|name| !known().contains(&name.as_str())) {
        bail!("no case {unknown:?}; there are: {}", known().join(", "));
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|chosen| chosen == name);
    Ok(CASES.iter().filter(|(name, _)| wanted(name)).map(|(_, case)| *case).collect())
}
