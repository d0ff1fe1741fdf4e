//! A caller's trace goes on in ours.

use http::{HeaderMap, HeaderName};
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::propagation::TraceContextPropagator;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    /// W3C Trace Context knows one `traceparent`; of several none is believed.
    fn get(&self, key: &str) -> Option<&str> {
        let mut values = self.0.get_all(key).iter();
        let (first, None) = (values.next()?, values.next()) else { return None };
        first.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

/// The span of the caller's that `traceparent` names. Of several, or of one that is not valid, none is believed.
#[must_use]
pub fn parent_of(headers: &HeaderMap) -> Option<SpanContext> {
    if !headers.contains_key(TRACEPARENT) {
        return None;
    }
    let context = TraceContextPropagator::new().extract(&Headers(headers));
    let parent = context.span().span_context().clone();
    parent.is_valid().then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn read(values: &[&str]) -> Option<(String, String)> {
        let headers = values.iter().map(|text| ("traceparent".parse().unwrap(), text.parse().unwrap())).collect();
        parent_of(&headers).map(|parent| (parent.trace_id().to_string(), parent.span_id().to_string()))
    }

    #[test]
    fn a_valid_traceparent_is_taken_and_no_other() {
        let good = Some((TRACE.to_owned(), "00f067aa0ba902b7".to_owned()));
        let plain = format!("00-{TRACE}-00f067aa0ba902b7-01");
        assert_eq!(read(&[&plain]), good);
        assert_eq!(read(&[&format!("00-{TRACE}-00f067aa0ba902b7-03")]), good, "a flag of a later level");
        assert_eq!(read(&[&format!("01-{TRACE}-00f067aa0ba902b7-01-later")]), good);
        assert_eq!(read(&[&plain, &plain]), None, "one of two");
        for bad in [
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            String::new(),
        ] {
            assert_eq!(read(&[&bad]), None, "{bad}");
        }
    }
}
