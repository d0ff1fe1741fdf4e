//! The fields of spans as JSON, for the lines of what is logged in them.
//!
//! As tracing-subscriber's own, but without a map of values in between: it was most of what it costs to begin a span, and a
//! request that has to wait begins one whether or not anything is logged of it.

use std::fmt;

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

/// Writes the fields of a span as one JSON object. One that is recorded again stands in it twice, and whoever reads it takes
/// the later.
#[derive(Debug)]
pub(super) struct SpanFields;

impl<'w> FormatFields<'w> for SpanFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut members = Members(Vec::with_capacity(256));
        members.0.push(b'{');
        fields.record(&mut members);
        writer.write_str(&members.close()?)
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let known = std::mem::take(&mut current.fields);
        let mut members = Members(known.strip_suffix('}').unwrap_or("{").into());
        fields.record(&mut members);
        current.fields = members.close()?;
        Ok(())
    }
}

/// An object that is not closed yet.
struct Members(Vec<u8>);

impl Members {
    fn add(&mut self, field: &Field, value: impl Serialize) {
        if !self.0.ends_with(b"{") {
            self.0.push(b',');
        }
        // Names are those of Rust.
        for part in ["\"", field.name(), "\":"] {
            self.0.extend_from_slice(part.as_bytes());
        }
        // Writing to memory does not fail, and each of these types can be JSON.
        let _ = serde_json::to_writer(&mut self.0, &value);
    }

    fn close(mut self) -> Result<String, fmt::Error> {
        self.0.push(b'}');
        String::from_utf8(self.0).map_err(|_| fmt::Error)
    }
}

impl Visit for Members {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}
