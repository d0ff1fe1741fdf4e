//! Metrics, sent to a collector by OTLP over HTTP: the same series as `/metrics`, by the same names.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use metrics::Unit;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_otlp::{ExporterBuildError, MetricExporter, Protocol, WithExportConfig};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Stream, Temporality};
use url::Url;

use crate::telemetry::collector::{EXPORT_TIMEOUT, own_resource, url_of};
use crate::telemetry::metrics::{BUCKETS, METRICS, MetricKind};
use crate::telemetry::series::{Readings, Series};

/// The most series of one metric: more than any number of providers that is configured makes. The SDK's own bound, 2,000, is
/// reached with a dozen.
const MOST_SERIES: usize = 20_000;

/// A running export. It has a thread with a blocking client, so it is started before the async runtime and shut down after
/// it.
#[derive(Debug)]
pub(super) struct MetricExport {
    provider: SdkMeterProvider,
    series: Series,
}

impl MetricExport {
    /// Starts to send to the collector at `endpoint` every so often; `/v1/metrics` is added to it.
    ///
    /// # Errors
    /// When the exporter cannot be made.
    pub(super) fn start(endpoint: &Url, every: Duration) -> Result<Self, ExporterBuildError> {
        let exporter = MetricExporter::builder()
            .with_temporality(Temporality::Cumulative)
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url_of(endpoint, "metrics"))
            .with_timeout(EXPORT_TIMEOUT)
            .build()?;
        let provider = SdkMeterProvider::builder()
            .with_reader(PeriodicReader::builder(exporter).with_interval(every).build())
            .with_resource(own_resource())
            .with_view(|_| Stream::builder().with_cardinality_limit(MOST_SERIES).build().ok())
            .build();
        let series = instruments(&provider.meter("rollcall"));
        Ok(Self { provider, series })
    }

    /// What is sent.
    pub(super) fn series(&self) -> &Series {
        &self.series
    }

    /// Begins to send what is left. Something comes when that is done; a silent collector makes it take seconds.
    pub(super) fn begin_to_shut_down(&self) -> Receiver<()> {
        self.series.run_upkeep();
        let (done, told) = channel();
        let provider = self.provider.clone();
        std::thread::spawn(move || {
            if let Err(error) = provider.shutdown() {
                tracing::warn!(%error, "the last metrics could not be sent");
            }
            // Nobody listens any more when it took too long.
            let _ = done.send(());
        });
        told
    }
}

/// An instrument for each metric, and the series that they read.
fn instruments(meter: &Meter) -> Series {
    let readings = Readings::default();
    let mut histograms = HashMap::new();
    for (name, kind, meaning) in METRICS {
        let readings = readings.clone();
        match kind {
            MetricKind::Counter => {
                let counter = meter.u64_observable_counter(*name).with_description(*meaning);
                counter.with_callback(move |to| readings.counters(name, |value, of| to.observe(value, of))).build();
            }
            MetricKind::Gauge(unit) => {
                let gauge = meter.f64_observable_gauge(*name).with_description(*meaning).with_unit(ucum(*unit));
                gauge.with_callback(move |to| readings.gauges(name, |value, of| to.observe(value, of))).build();
            }
            MetricKind::Seconds => {
                let histogram = meter.f64_histogram(*name).with_description(*meaning).with_unit(ucum(Unit::Seconds));
                histograms.insert(*name, histogram.with_boundaries(BUCKETS.to_vec()).build());
            }
        }
    }
    readings.series(histograms)
}

/// The unit as OpenTelemetry names it.
fn ucum(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "1",
        Unit::Bytes => "By",
        Unit::Seconds => "s",
        other => other.as_str(),
    }
}
