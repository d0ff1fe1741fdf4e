//! A row, and what is none.

use serde_json::value::RawValue;

/// The text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// A row as JSON.
///
/// # Errors
/// When it is none; then the text that it was cut from is none, either.
pub fn row(cut: &str) -> Result<&RawValue, Broken> {
    serde_json::from_str(cut).map_err(|_| Broken)
}
