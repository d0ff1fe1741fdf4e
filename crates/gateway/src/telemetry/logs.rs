//! The log: one line an event, of our own code at the configured level, of everything below it only warnings.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};
use crate::telemetry::span_fields::SpanFields;
use crate::telemetry::{AccessLog, LineWriter, panics};

/// The targets of our own code. Libraries are kept to warnings at every level: at `debug` and `trace` the HTTP ones
/// write headers, and headers hold credentials.
const OWN_TARGETS: [&str; 13] = [
    "gateway",
    "rollcall",
    "access",
    "audit",
    "caller_auth",
    "coordination",
    "coordination_redis",
    "lenient_json",
    "session_provider",
    "upstream_http",
    "provider_huddle01",
    "provider_realtimekit",
    "provider_simulator",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogTarget {
    Stdout,
    /// Standard error, where standard output belongs to something else.
    Stderr,
}

/// The log was started before.
#[derive(Debug, thiserror::Error)]
#[error("the log cannot be started: {0}")]
pub struct LogsError(#[from] tracing_subscriber::util::TryInitError);

/// Starts the log. Panics go to it too. Once per process. The log of what was answered writes to the same target.
///
/// # Errors
/// [`LogsError`].
pub fn start_logs(config: &LogConfig, target: LogTarget) -> Result<AccessLog, LogsError> {
    let writer = match target {
        LogTarget::Stdout => LineWriter::stdout(),
        LogTarget::Stderr => LineWriter::stderr(),
    };
    let access_log = AccessLog::new(config, writer.clone());
    let writer = BoxMakeWriter::new(move || writer.clone());
    tracing_subscriber::registry().with(lines(config, writer)).try_init()?;
    panics::to_the_log();
    Ok(access_log)
}

fn lines(config: &LogConfig, writer: BoxMakeWriter) -> Box<dyn Layer<Registry> + Send + Sync> {
    layer(config.format, writer).with_filter(filter(config.level)).boxed()
}

/// What writes an event as a line.
pub(super) fn layer(format: LogFormat, writer: BoxMakeWriter) -> Box<dyn Layer<Registry> + Send + Sync> {
    // A log that cannot be written must not write about that either.
    let layer = fmt::layer().with_writer(writer).log_internal_errors(false);
    match format {
        LogFormat::Json => {
            let layer = layer.json().flatten_event(true).with_current_span(true).with_span_list(false);
            layer.fmt_fields(SpanFields).boxed()
        }
        LogFormat::Pretty => layer.compact().with_ansi(false).boxed(),
    }
}

fn filter(level: tracing::Level) -> Targets {
    let level = LevelFilter::from_level(level);
    Targets::new().with_default(level.min(LevelFilter::WARN)).with_targets(OWN_TARGETS.map(|target| (target, level)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: tracing::Level, events: impl FnOnce()) -> String {
        let captured = Captured::default();
        let sink = captured.clone();
        let config = LogConfig { format, level };
        let subscriber = tracing_subscriber::registry().with(lines(&config, BoxMakeWriter::new(move || sink.clone())));
        tracing::subscriber::with_default(subscriber, events);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_json_line_is_one_flat_object_with_its_span() {
        let text = logged(LogFormat::Json, tracing::Level::INFO, || {
            let _span = tracing::info_span!("request", request_id = "r-1").entered();
            tracing::info!(status = 200, "answered");
        });
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&line["message"], &line["status"]), (&"answered".into(), &200.into()));
        assert_eq!(line["span"]["request_id"], "r-1");
        assert_eq!(line["level"], "INFO");
    }

    #[test]
    fn a_span_says_all_its_fields_each_as_it_was_recorded_last() {
        let text = logged(LogFormat::Json, tracing::Level::INFO, || {
            let empty = tracing::field::Empty;
            let span =
                tracing::info_span!("s", text = "a\"\n}", route = "?", late = empty, never = empty, n = -1, ok = true);
            span.record("route", "/v1").record("late", tracing::field::debug(Some(2)));
            span.in_scope(|| tracing::info!("inside"));
            tracing::info_span!("bare").in_scope(|| tracing::info!("inside"));
        });
        let spans = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["span"].clone());
        let expected = serde_json::json!([
            {"name": "s", "text": "a\"\n}", "route": "/v1", "late": "Some(2)", "n": -1, "ok": true},
            {"name": "bare"},
        ]);
        assert_eq!(serde_json::Value::from_iter(spans), expected);
    }

    #[test]
    fn libraries_stay_at_warnings_however_much_of_us_is_wanted() {
        let text = logged(LogFormat::Pretty, tracing::Level::TRACE, || {
            tracing::trace!("ours");
            tracing::debug!(target: "h2::frame", "headers with a canary");
            tracing::info!(target: "hyper_util::client", "connecting to a canary");
            tracing::warn!(target: "hyper", "theirs");
        });
        assert!(text.contains("ours") && text.contains("theirs"), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn the_level_holds_for_our_own_lines() {
        let text = logged(LogFormat::Pretty, tracing::Level::ERROR, || tracing::warn!(target: "hyper", "theirs"));
        assert_eq!(text, "");
        assert_eq!(logged(LogFormat::Json, tracing::Level::WARN, || tracing::info!("ours")), "");
    }

    #[test]
    fn every_crate_of_ours_that_the_gateway_is_made_of_may_log() {
        let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().unwrap();
        let package = |name: &str| metadata.packages.iter().find(|package| package.name == name);
        let (mut ours, mut next) = (vec!["gateway".to_owned()], 0);
        while let Some(package) = ours.get(next).and_then(|name| package(name)) {
            for dependency in &package.dependencies {
                let is_shipped = dependency.kind == cargo_metadata::DependencyKind::Normal;
                if is_shipped && dependency.path.is_some() && !ours.contains(&dependency.name) {
                    ours.push(dependency.name.clone());
                }
            }
            next += 1;
        }
        assert!(ours.len() > 5, "{ours:?}");
        let logs = |name: &String| {
            package(name).is_some_and(|package| package.dependencies.iter().any(|it| it.name == "tracing"))
        };
        for name in ours.into_iter().filter(logs) {
            let target = name.replace('-', "_");
            assert!(
                OWN_TARGETS.contains(&target.as_str()),
                "what {target} logs would be muted: name it in OWN_TARGETS"
            );
        }
    }
}
