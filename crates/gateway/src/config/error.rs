//! What is wrong with a configuration: every problem at once, each under the path of its key.

use std::cell::{Cell, RefCell};
use std::fmt;

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
    found: RefCell<Vec<ConfigProblem>>,
    count: Cell<usize>,
}

impl Problems {
    pub(super) fn report(&self, key: impl Into<String>, reason: impl Into<String>) {
        self.count.set(self.count.get() + 1);
        self.found.borrow_mut().push(ConfigProblem { key: key.into(), reason: reason.into() });
    }

    /// How many were found so far.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }

    pub(super) fn into_error(self) -> ConfigError {
        ConfigError { problems: self.found.into_inner() }
    }
}
