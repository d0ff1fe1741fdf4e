//! Where traces go.

use url::Url;

use crate::config::section::Section;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TelemetryConfig {
    /// The collector that traces are sent to by OTLP over HTTP (`/v1/traces` is added); no traces when absent.
    pub otlp_endpoint: Option<Url>,
}

impl TelemetryConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let expected = "an http or https URL without credentials or a query, for example \"http://127.0.0.1:4318\"";
        let otlp_endpoint = section.parsed("otlp_endpoint", expected, |value| {
            let url = Url::parse(value.text()?.trim()).ok()?;
            let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
            (plain && url.fragment().is_none() && matches!(url.scheme(), "http" | "https") && url.has_host())
                .then_some(url)
        });
        section.finish();
        Self { otlp_endpoint }
    }
}
