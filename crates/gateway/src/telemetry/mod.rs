//! What the gateway tells its operator: logs, metrics, traces.

pub mod metrics;

mod logs;
mod parent;
mod traces;

pub use logs::{LogTarget, LogsError, start_logs};
pub use parent::adopt_parent;
pub use traces::{TraceExport, TraceExportError};
