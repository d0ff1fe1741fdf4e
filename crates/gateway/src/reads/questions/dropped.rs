//! Rows that a provider gave without a usable id.

use session_provider::ProviderId;

use crate::telemetry::metrics as names;

/// Counts rows that were left out.
pub(super) fn count(provider: &ProviderId, rows: u64) {
    if rows > 0 {
        metrics::counter!(names::ROWS_DROPPED, "provider" => provider.to_string()).increment(rows);
    }
}
