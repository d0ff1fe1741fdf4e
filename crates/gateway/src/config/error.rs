//! What is wrong with a configuration: every problem at once, each under the path of its key.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::config::meant::meant;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The path of the key: `providers.rtk-eu.api_token`.
    pub key: String,
    /// What is wrong and what to write instead. Never holds a configured value.
    pub reason: String,
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.reason)
    }
}

/// A configuration that cannot be used. Displays as one line for each problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// All that is wrong; at least one.
    pub problems: Vec<ConfigProblem>,
}

impl ConfigError {
    #[must_use]
    pub fn one(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { problems: vec![ConfigProblem { key: key.into(), reason: reason.into() }] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Where problems are gathered while the sections are read.
#[derive(Debug, Default)]
pub(super) struct Problems {
    found: RefCell<Vec<Gathered>>,
    /// The keys of each table that was read, by its path.
    known: RefCell<BTreeMap<String, Vec<&'static str>>>,
}

#[derive(Debug)]
struct Gathered {
    problem: ConfigProblem,
    unknown: Option<Unknown>,
}

/// A key that nobody asked for: only when all tables were read is it known whether it is one of another table.
#[derive(Debug)]
struct Unknown {
    table: String,
    key: String,
}

impl Problems {
    pub(super) fn report(&self, key: impl Into<String>, reason: impl Into<String>) {
        let problem = ConfigProblem { key: key.into(), reason: reason.into() };
        self.found.borrow_mut().push(Gathered { problem, unknown: None });
    }

    /// Reports that the key of a table, set by a variable perhaps, is not among those that it may have.
    pub(super) fn report_unknown(
        &self,
        table: &str,
        path: String,
        key: &str,
        variable: Option<&str>,
        known: &[&'static str],
    ) {
        let origin = variable.map(|name| format!(" (set by {name})")).unwrap_or_default();
        let (meant, all) = (meant(key, known), known.join(", "));
        let unknown = meant.is_none().then(|| Unknown { table: table.to_owned(), key: key.to_owned() });
        let reason = match meant {
            Some(meant) => format!("unknown key{origin}; did you mean {meant}? Known here are: {all}"),
            None => format!("unknown key{origin}; known here are: {all}"),
        };
        self.found.borrow_mut().push(Gathered { problem: ConfigProblem { key: path, reason }, unknown });
    }

    /// Remembers which keys the table at this path may have.
    pub(super) fn are_known(&self, table: String, keys: Vec<&'static str>) {
        self.known.borrow_mut().insert(table, keys);
    }

    /// How many were found so far.
    pub(super) fn count(&self) -> usize {
        self.found.borrow().len()
    }

    pub(super) fn into_error(self) -> ConfigError {
        let known = self.known.into_inner();
        let tables = |unknown: &Unknown| -> Vec<String> {
            let has = |(path, keys): &(&String, &Vec<&str>)| {
                !path.is_empty() && **path != unknown.table && keys.contains(&unknown.key.as_str())
            };
            known.iter().filter(has).map(|(path, _)| format!("[{path}]")).collect()
        };
        let told = |Gathered { mut problem, unknown }: Gathered| {
            let tables = unknown.as_ref().map(tables).unwrap_or_default();
            if !tables.is_empty() {
                let belongs = format!("; it belongs to {}. Known here are: ", tables.join(" or "));
                problem.reason = problem.reason.replacen("; known here are: ", &belongs, 1);
            }
            problem
        };
        ConfigError { problems: self.found.into_inner().into_iter().map(told).collect() }
    }
}
