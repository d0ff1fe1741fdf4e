//! What traces and metrics have in common on their way to a collector.

use std::sync::LazyLock;
use std::time::Duration;

use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::Resource;
use url::Url;
use uuid::Uuid;

/// One delivery to the collector may take this long.
pub(super) const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// What is left at the end may take this long.
pub(super) const END_TIMEOUT: Duration = Duration::from_secs(1);

const INSTANCE: Key = Key::from_static_str("service.instance.id");

/// Tells the series of several replicas apart.
static INSTANCE_ID: LazyLock<String> = LazyLock::new(|| Uuid::new_v4().to_string());

/// Where a signal goes.
pub(super) fn url_of(endpoint: &Url, signal: &str) -> String {
    format!("{}/v1/{signal}", endpoint.as_str().trim_end_matches('/'))
}

/// Who sends: the service, its version, and which instance of it unless `OTEL_RESOURCE_ATTRIBUTES` says.
pub(super) fn own_resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = || Resource::builder().with_service_name("rollcall").with_attribute(version.clone());
    match resource().build().get(&INSTANCE) {
        Some(_) => resource().build(),
        None => resource().with_attribute(KeyValue::new(INSTANCE, INSTANCE_ID.clone())).build(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_signals_come_from_one_instance() {
        let (one, other) = (own_resource(), own_resource());
        assert!(one.get(&INSTANCE).is_some_and(|id| id.as_str().len() == 36));
        assert_eq!(one.get(&INSTANCE), other.get(&INSTANCE));
    }

    #[test]
    fn a_path_of_the_endpoint_stays() {
        let url = |endpoint: &str| url_of(&Url::parse(endpoint).unwrap(), "metrics");
        assert_eq!(url("http://127.0.0.1:4318"), "http://127.0.0.1:4318/v1/metrics");
        assert_eq!(url("https://otel.example/in/"), "https://otel.example/in/v1/metrics");
    }
}
