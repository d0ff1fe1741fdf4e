//! The results as markdown.

use std::fmt::Write;
use std::time::Duration;

use crate::contest::Score;

pub(crate) const HEAD: &str = "| case | server | CPU µs/answer | ratio | beyond, µs | answers/s | p50 | p99 | |\n\
                               |---|---|--:|--:|--:|--:|--:|--:|---|\n";

/// One line of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) case: String,
    pub(crate) server: String,
    /// Processor time of the server for one answer, in microseconds.
    pub(crate) micros: Option<f64>,
    /// To that of the first server of the case.
    pub(crate) ratio: Option<f64>,
    pub(crate) beyond: Option<f64>,
    pub(crate) per_second: Option<f64>,
    pub(crate) p50: Option<Duration>,
    pub(crate) p99: Option<Duration>,
    /// What else there is to say.
    pub(crate) note: String,
}

impl Line {
    pub(crate) fn new(case: impl Into<String>, server: impl Into<String>) -> Self {
        Self { case: case.into(), server: server.into(), ..Self::default() }
    }

    pub(crate) fn of(case: &str, score: &Score) -> Self {
        let note = if score.failed > 0 { format!("**{} failed**", score.failed) } else { String::new() };
        Self {
            micros: Some(score.micros),
            ratio: Some(score.ratio),
            beyond: (score.beyond != 0.0).then_some(score.beyond),
            per_second: Some(score.per_second),
            p50: Some(score.p50),
            p99: Some(score.p99),
            note,
            ..Self::new(case, score.name.as_str())
        }
    }

    /// Adds to what there is to say.
    pub(crate) fn note(mut self, note: impl AsRef<str>) -> Self {
        if !self.note.is_empty() {
            self.note += "; ";
        }
        self.note += note.as_ref();
        self
    }

    pub(crate) fn markdown(&self) -> String {
        let number =
            |value: Option<f64>, digits: usize| value.map_or_else(String::new, |value| format!("{value:.digits$}"));
        let mut text = format!("| {} | {} ", self.case, self.server);
        let micros = number(self.micros, if self.micros.is_some_and(|micros| micros >= 100.0) { 0 } else { 1 });
        let beyond = self.beyond.map_or_else(String::new, |beyond| format!("{beyond:+.1}"));
        for cell in [micros, number(self.ratio, 2), beyond, number(self.per_second, 0), time(self.p50), time(self.p99)]
        {
            let _ = write!(text, "| {cell} ");
        }
        format!("{text}| {} |", self.note)
    }
}

/// One line for each contestant.
pub(crate) fn lines(case: &str, scores: &[Score]) -> Vec<Line> {
    scores.iter().map(|score| Line::of(case, score)).collect()
}

/// A time of any length, to three digits or so.
fn time(time: Option<Duration>) -> String {
    match time.map(|time| time.as_secs_f64()) {
        None => String::new(),
        Some(seconds) if seconds >= 1.0 => format!("{seconds:.2} s"),
        Some(seconds) if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        Some(seconds) => format!("{:.0} µs", seconds * 1e6),
    }
}
