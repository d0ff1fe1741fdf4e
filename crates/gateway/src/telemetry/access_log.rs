//! The access log: one line for every request answered.
//!
//! The line is the one that an event `answered` inside a span `request` would give, written by hand: of all that a
//! request answered from memory costs, making that event and printing it was the largest part.

use std::cell::RefCell;
use std::io::Write;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, TraceId};
use serde::Serialize;

use crate::config::{LogConfig, LogFormat};
use crate::telemetry::LineWriter;
use crate::telemetry::line_time::LineTime;

/// What is told of a request. Issuer and subject are the caller's texts and may hold anything: they are escaped. The other
/// texts are of closed sets, or ids of letters, digits and `._-`.
#[derive(Debug, Clone, Copy)]
pub struct AccessLine<'a> {
    /// When it was answered, in microseconds since the Unix epoch.
    pub unix_micros: i64,
    pub request_id: &'a str,
    pub method: &'a str,
    /// The route's template, never a path as it came.
    pub route: &'a str,
    /// The span of the caller's that `traceparent` named.
    pub parent: Option<&'a SpanContext>,
    /// The trace, where it begins here.
    pub own_trace: Option<TraceId>,
    pub status: u16,
    /// Of the problem, where it is one.
    pub code: Option<&'a str>,
    pub elapsed: Duration,
    pub issuer: Option<&'a str>,
    pub subject: Option<&'a str>,
}

impl AccessLine<'_> {
    fn trace(&self) -> Option<TraceId> {
        self.parent.map(SpanContext::trace_id).or(self.own_trace)
    }
}

/// Writes [`AccessLine`]s, or nothing where the log's level is above `info`. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct AccessLog(Option<Printer>);

#[derive(Debug, Clone)]
struct Printer {
    writer: LineWriter,
    format: LogFormat,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// What a thread keeps from line to line, so that a line allocates nothing.
#[derive(Default)]
struct Scratch {
    line: Vec<u8>,
    time: LineTime,
}

impl AccessLog {
    #[must_use]
    pub fn new(config: &LogConfig, writer: LineWriter) -> Self {
        let is_wanted = config.level >= tracing::Level::INFO;
        Self(is_wanted.then_some(Printer { writer, format: config.format }))
    }

    /// Queues the line. Never blocks.
    pub fn answered(&self, line: &AccessLine<'_>) {
        let Some(Printer { writer, format }) = &self.0 else { return };
        SCRATCH.with_borrow_mut(|Scratch { line: out, time }| {
            out.clear();
            let time = time.text(line.unix_micros);
            // Writing to memory does not fail.
            let _ = match format {
                LogFormat::Json => json(out, time, line),
                LogFormat::Pretty => pretty(out, time, line),
            };
            writer.line(out);
        });
    }
}

fn json(out: &mut Vec<u8>, time: &str, line: &AccessLine<'_>) -> std::io::Result<()> {
    out.extend_from_slice(br#"{"timestamp":""#);
    out.extend_from_slice(time.as_bytes());
    member(out, r#"","level":"INFO","message":"answered","status":"#, line.status)?;
    if let Some(code) = line.code {
        plain(out, r#","code":"#, code);
    }
    member(out, r#","elapsed_ms":"#, millis(line.elapsed))?;
    optional(out, r#","iss":"#, line.issuer)?;
    optional(out, r#","sub":"#, line.subject)?;
    plain(out, r#","target":"access","span":{"method":"#, line.method);
    if let Some(parent) = line.parent {
        write!(out, r#","parent_span_id":"{}""#, parent.span_id())?;
    }
    plain(out, r#","request_id":"#, line.request_id);
    plain(out, r#","route":"#, line.route);
    if let Some(trace) = line.trace() {
        write!(out, r#","trace_id":"{trace}""#)?;
    }
    out.extend_from_slice(b",\"name\":\"request\"}}\n");
    Ok(())
}

/// What stands before a value, and the value as JSON.
fn member(out: &mut Vec<u8>, before: &str, value: impl Serialize) -> std::io::Result<()> {
    out.extend_from_slice(before.as_bytes());
    Ok(serde_json::to_writer(out, &value)?)
}

/// What stands before a text in which nothing needs escaping, and the text.
fn plain(out: &mut Vec<u8>, before: &str, text: &str) {
    for part in [before, "\"", text, "\""] {
        out.extend_from_slice(part.as_bytes());
    }
}

fn optional(out: &mut Vec<u8>, before: &str, value: Option<&str>) -> std::io::Result<()> {
    value.map_or(Ok(()), |value| member(out, before, value))
}

fn pretty(out: &mut Vec<u8>, time: &str, line: &AccessLine<'_>) -> std::io::Result<()> {
    write!(out, "{time}  INFO request: access: answered status={}", line.status)?;
    if let Some(code) = line.code {
        write!(out, " code={code:?}")?;
    }
    write!(out, " elapsed_ms={}", millis(line.elapsed))?;
    for (name, value) in [("iss", line.issuer), ("sub", line.subject)] {
        if let Some(value) = value {
            write!(out, " {name}={value:?}")?;
        }
    }
    write!(out, " request_id={:?} method={:?} route={:?}", line.request_id, line.method, line.route)?;
    if let Some(trace) = line.trace() {
        write!(out, " trace_id=\"{trace}\"")?;
    }
    if let Some(parent) = line.parent {
        write!(out, " parent_span_id=\"{}\"", parent.span_id())?;
    }
    out.push(b'\n');
    Ok(())
}

fn millis(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
