//! Members of a body that may be left out.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the member's absence; clients whose language has no other way to leave one out send it.
pub(super) fn null_is_absence<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
