//! What a problem code means, as it is published at the code's own address.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Code;

/// What a problem code means and what to do about it (RFC 9457 §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemType {
    /// The `type` of every problem with this code: `/problems/<code>`.
    #[serde(rename = "type")]
    pub type_uri: &'static str,
    /// The code.
    pub code: Code,
    /// The cause in a few words, as in `title` of the problem.
    pub title: &'static str,
    /// The HTTP status that it comes with.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// Whether repeating the same request may help. What a problem says of itself counts for more.
    pub retryable: bool,
    /// The cause in a sentence.
    pub meaning: &'static str,
    /// What to do about it. Markdown: names stand in backticks.
    pub advice: &'static str,
}

impl From<Code> for ProblemType {
    fn from(code: Code) -> Self {
        Self {
            type_uri: code.type_uri(),
            code,
            title: code.title(),
            status: code.status().as_u16(),
            retryable: code.is_retryable(),
            meaning: code.meaning(),
            advice: code.advice(),
        }
    }
}

impl ProblemType {
    /// All codes as a table in Markdown.
    #[must_use]
    pub fn table() -> String {
        Self::rows("| code | status | retryable | cause | what to do |\n|---|---|---|---|---|\n", |about| {
            format!("{} | {}", about.meaning, about.advice)
        })
    }

    /// The same without the causes.
    #[must_use]
    pub fn short_table() -> String {
        Self::rows("| code | status | retryable | what to do |\n|---|---|---|---|\n", |about| about.advice.to_owned())
    }

    fn rows(head: &str, last_cells: impl Fn(&Self) -> String) -> String {
        let row = |code: &Code| {
            let about = Self::from(*code);
            let retry = if about.retryable { "yes" } else { "no" };
            format!("| `{}` | {} | {retry} | {} |\n", code.as_str(), about.status, last_cells(&about))
        };
        let rows: String = Code::ALL.iter().map(row).collect();
        head.to_owned() + &rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_a_row_for_each_code() {
        for (table, bars) in [(ProblemType::table(), 6), (ProblemType::short_table(), 5)] {
            assert_eq!(table.lines().count(), Code::ALL.len() + 2);
            for (row, code) in table.lines().skip(2).zip(Code::ALL) {
                assert!(row.starts_with(&format!("| `{}` | {} |", code.as_str(), code.status().as_u16())), "{row}");
            }
            assert!(table.lines().all(|row| row.matches('|').count() == bars), "{table}");
        }
    }
}
