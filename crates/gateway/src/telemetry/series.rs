//! What is recorded, kept once more to be exported, beside what Prometheus reads.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use metrics::{Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn};
use metrics::{Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_exporter_prometheus::PrometheusRecorder;
use metrics_util::registry::{AtomicStorage, Registry};
use opentelemetry::KeyValue;
use opentelemetry::metrics::Histogram as ExportedHistogram;

type Registered = Registry<Key, AtomicStorage>;

/// Every series that was ever recorded. Clones are the same series.
///
/// Counters and gauges are read when an export is due, so recording costs one more addition and looks nothing up. What
/// histograms took is handed to the exported ones by [`run_upkeep`](Self::run_upkeep), off the requests' way.
#[derive(Clone)]
pub struct Series {
    store: Arc<Registered>,
    histograms: Arc<HashMap<&'static str, ExportedHistogram<f64>>>,
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Series").finish_non_exhaustive()
    }
}

/// The counters and gauges, as an export reads them.
#[derive(Clone)]
pub(super) struct Readings(Arc<Registered>);

impl Default for Readings {
    fn default() -> Self {
        Self(Arc::new(Registry::atomic()))
    }
}

impl Readings {
    /// Hands over each counter of this name.
    pub(super) fn counters(&self, name: &str, mut each: impl FnMut(u64, &[KeyValue])) {
        self.0.visit_counters(|key, counter| {
            if key.name() == name {
                each(counter.load(Ordering::Acquire), &attributes(key));
            }
        });
    }

    /// Hands over each gauge of this name.
    pub(super) fn gauges(&self, name: &str, mut each: impl FnMut(f64, &[KeyValue])) {
        self.0.visit_gauges(|key, gauge| {
            if key.name() == name {
                each(f64::from_bits(gauge.load(Ordering::Acquire)), &attributes(key));
            }
        });
    }

    /// The series that are read here; what histograms take goes to the exported one of its name.
    pub(super) fn series(&self, histograms: HashMap<&'static str, ExportedHistogram<f64>>) -> Series {
        Series { store: Arc::clone(&self.0), histograms: Arc::new(histograms) }
    }
}

fn attributes(key: &Key) -> Vec<KeyValue> {
    key.labels().map(|label| KeyValue::new(label.key().to_owned(), label.value().to_owned())).collect()
}

impl Series {
    /// Hands over what histograms took, and forgets it.
    pub fn run_upkeep(&self) {
        self.store.visit_histograms(|key, taken| {
            let Some(histogram) = self.histograms.get(key.name()) else { return taken.clear() };
            let attributes = attributes(key);
            taken.clear_with(|values| values.iter().for_each(|value| histogram.record(*value, &attributes)));
        });
    }

    /// A recorder of these series and of what Prometheus reads.
    pub(super) fn beside(&self, prometheus: PrometheusRecorder) -> Both {
        Both { prometheus, store: Arc::clone(&self.store) }
    }
}

/// Records everything twice.
pub(super) struct Both {
    prometheus: PrometheusRecorder,
    store: Arc<Registered>,
}

struct Pair<T>(T, T);

impl CounterFn for Pair<Counter> {
    fn increment(&self, value: u64) {
        self.0.increment(value);
        self.1.increment(value);
    }

    fn absolute(&self, value: u64) {
        self.0.absolute(value);
        self.1.absolute(value);
    }
}

impl GaugeFn for Pair<Gauge> {
    fn increment(&self, value: f64) {
        self.0.increment(value);
        self.1.increment(value);
    }

    fn decrement(&self, value: f64) {
        self.0.decrement(value);
        self.1.decrement(value);
    }

    fn set(&self, value: f64) {
        self.0.set(value);
        self.1.set(value);
    }
}

impl HistogramFn for Pair<Histogram> {
    fn record(&self, value: f64) {
        self.0.record(value);
        self.1.record(value);
    }
}

impl Recorder for Both {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.prometheus.describe_counter(name, unit, meaning);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.prometheus.describe_gauge(name, unit, meaning);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, meaning: SharedString) {
        self.prometheus.describe_histogram(name, unit, meaning);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let kept = self.store.get_or_create_counter(key, |counter| Counter::from_arc(Arc::clone(counter)));
        Counter::from_arc(Arc::new(Pair(self.prometheus.register_counter(key, metadata), kept)))
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        let kept = self.store.get_or_create_gauge(key, |gauge| Gauge::from_arc(Arc::clone(gauge)));
        Gauge::from_arc(Arc::new(Pair(self.prometheus.register_gauge(key, metadata), kept)))
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        let kept = self.store.get_or_create_histogram(key, |histogram| Histogram::from_arc(Arc::clone(histogram)));
        Histogram::from_arc(Arc::new(Pair(self.prometheus.register_histogram(key, metadata), kept)))
    }
}
