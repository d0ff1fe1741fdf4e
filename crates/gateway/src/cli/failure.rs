//! Why a command failed, and with which exit code.

use std::fmt;
use std::process::ExitCode;

use crate::config::ConfigError;

/// A failed command. Displays what went wrong and what to do; never a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// It failed while running: exit 1.
    pub(super) fn running(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// It was used wrongly: exit 2.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// The configuration cannot be used: exit 2, one line a problem.
    pub(super) fn config(error: &ConfigError) -> Self {
        Self::usage(error.to_string())
    }

    /// The process's exit code.
    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
