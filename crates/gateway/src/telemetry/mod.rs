//! What the gateway tells its operator: logs, metrics, traces.

pub mod metrics;

mod access_log;
mod collector;
mod exports;
mod line_time;
mod line_writer;
mod logs;
mod metric_export;
mod metric_handles;
mod panics;
mod parent;
mod series;
mod server_span;
mod span_fields;
mod traces;

pub use access_log::{AccessLine, AccessLog};
pub use exports::{ExportError, Exports};
pub use line_writer::LineWriter;
pub use logs::{LogTarget, LogsError, start_logs};
pub use metric_handles::MetricHandles;
pub use parent::parent_of;
pub use series::Series;
pub use server_span::{ServerSpan, ServerSpans};
pub use traces::TraceExport;
