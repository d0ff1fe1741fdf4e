//! Where traces and metrics go.

use std::time::Duration;

use url::Url;

use crate::config::section::Section;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TelemetryConfig {
    /// The collector that traces are sent to by OTLP over HTTP (`/v1/traces` is added); no traces when absent.
    pub otlp_endpoint: Option<Url>,
    /// How often metrics are sent there too (`/v1/metrics` is added); they are only scraped when absent.
    pub otlp_metrics_every: Option<Duration>,
}

/// A shorter interval would cost more than what it tells; a longer one is taken for an instance that is gone.
const INTERVALS: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(3600);

impl TelemetryConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let expected = "an http or https URL without credentials or a query, for example \"http://127.0.0.1:4318\"";
        let is_given = section.has("otlp_endpoint");
        let otlp_endpoint = section.parsed("otlp_endpoint", expected, |value| {
            let url = Url::parse(value.text()?.trim()).ok()?;
            let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
            (plain && url.fragment().is_none() && matches!(url.scheme(), "http" | "https") && url.has_host())
                .then_some(url)
        });
        let expected = "a duration from \"1s\" to \"1h\", for example \"30s\"";
        let otlp_metrics_every = section.parsed("otlp_metrics_every", expected, |value| {
            humantime::parse_duration(value.text()?.trim()).ok().filter(|every| INTERVALS.contains(every))
        });
        if otlp_metrics_every.is_some() && !is_given {
            let reason = "needs a collector to send them to; write otlp_endpoint = \"http://127.0.0.1:4318\" beside it";
            section.report("otlp_metrics_every", reason);
        }
        section.finish();
        Self { otlp_endpoint, otlp_metrics_every }
    }
}
