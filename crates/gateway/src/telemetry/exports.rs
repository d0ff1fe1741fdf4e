//! What is sent to a collector of OpenTelemetry, if there is one.

use opentelemetry_otlp::ExporterBuildError;
use tokio::time::Instant;

use crate::config::TelemetryConfig;
use crate::telemetry::collector::END_TIMEOUT;
use crate::telemetry::metric_export::MetricExport;
use crate::telemetry::{Series, TraceExport};

/// An export cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("telemetry.otlp_endpoint: {0}")]
pub struct ExportError(#[from] ExporterBuildError);

/// The running exports; none by default, which cost nothing.
#[derive(Debug, Default)]
pub struct Exports {
    pub traces: Option<TraceExport>,
    metrics: Option<MetricExport>,
}

impl Exports {
    /// Starts what the configuration asks for, before the async runtime: their threads use a blocking client.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn start(config: &TelemetryConfig) -> Result<Self, ExportError> {
        let Some(endpoint) = &config.otlp_endpoint else { return Ok(Self::default()) };
        let metrics = config.otlp_metrics_every.map(|every| MetricExport::start(endpoint, every)).transpose()?;
        Ok(Self { traces: Some(TraceExport::start(endpoint)?), metrics })
    }

    /// The series that are sent; nothing need be kept for them where there are none.
    pub fn series(&self) -> Option<&Series> {
        self.metrics.as_ref().map(MetricExport::series)
    }

    /// Sends what is left, after the async runtime, for at most a second in all: a silent collector must not hold the end up.
    pub fn shut_down(&self) {
        let began = Instant::now();
        let metrics = self.metrics.as_ref().map(MetricExport::begin_to_shut_down);
        if let Some(traces) = &self.traces {
            traces.shut_down();
        }
        let sent = metrics.is_none_or(|sent| sent.recv_timeout(END_TIMEOUT.saturating_sub(began.elapsed())).is_ok());
        if !sent {
            tracing::warn!("the last metrics could not be sent in time");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use url::Url;

    use super::*;

    #[test]
    fn a_silent_collector_does_not_hold_the_end_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let every = Some(Duration::from_secs(3600));
        let exports =
            Exports::start(&TelemetryConfig { otlp_endpoint: Some(endpoint), otlp_metrics_every: every }).unwrap();
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let both = exports.series().unwrap().beside(recorder);
        metrics::with_local_recorder(&both, || metrics::counter!(crate::telemetry::metrics::LIMITED).increment(1));
        let began = Instant::now();
        exports.shut_down();
        assert!(began.elapsed() < 2 * END_TIMEOUT, "{:?}", began.elapsed());
    }

    #[test]
    fn without_a_collector_nothing_is_kept() {
        assert!(Exports::start(&TelemetryConfig::default()).unwrap().series().is_none());
    }
}
