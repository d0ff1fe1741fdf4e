//! What is measured, one file for each kind of case.

mod hit;

use std::pin::Pin;

use anyhow::{Result, bail};

use crate::bench::Bench;

/// Answers lines of the table.
pub(crate) type Case = for<'a> fn(&'a Bench) -> Pin<Box<dyn Future<Output = Result<String>> + 'a>>;

const CASES: [(&str, Case); 4] = [
    ("hit", |bench| Box::pin(hit::session(bench))),
    ("304", |bench| Box::pin(hit::unchanged(bench))),
    ("list100", |bench| Box::pin(hit::list(bench, 100))),
    ("list1000", |bench| Box::pin(hit::list(bench, 1000))),
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
