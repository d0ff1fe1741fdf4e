//! What the log looks like.

use crate::config::section::Section;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogConfig {
    /// How a line is written.
    pub format: LogFormat,
    /// The least important lines that are still written, of Rollcall's own code.
    pub level: tracing::Level,
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people at a terminal.
    Pretty,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: tracing::Level::INFO }
    }
}

impl LogConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let default = Self::default();
        let format = section.parsed("format", "\"json\" or \"pretty\"", |value| match value.text()? {
            "json" => Some(LogFormat::Json),
            "pretty" => Some(LogFormat::Pretty),
            _ => None,
        });
        let expected = "\"error\", \"warn\", \"info\", \"debug\" or \"trace\"";
        let level = section.parsed("level", expected, |value| match value.text()? {
            "error" => Some(tracing::Level::ERROR),
            "warn" => Some(tracing::Level::WARN),
            "info" => Some(tracing::Level::INFO),
            "debug" => Some(tracing::Level::DEBUG),
            "trace" => Some(tracing::Level::TRACE),
            _ => None,
        });
        section.finish();
        Self { format: format.unwrap_or(default.format), level: level.unwrap_or(default.level) }
    }
}
