//! Whether a page or data is wanted (RFC 9110 §12.5.1).

use http::{HeaderMap, header};

/// Whether the request prefers HTML to JSON, as browsers do. Whoever does not say gets data.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let ranges: Vec<_> = lines.flat_map(|line| line.split(',')).map(range).collect();
    quality(&ranges, "text/html") > quality(&ranges, "application/json")
}

/// A media range and its quality.
fn range(text: &str) -> (String, f32) {
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let name = parts.next().unwrap_or_default();
    let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
    (name, quality.unwrap_or(1.0))
}

/// What the most specific range that fits says of a media type.
fn quality(ranges: &[(String, f32)], media_type: &str) -> f32 {
    let group = media_type.split('/').next().unwrap_or_default();
    let said = |wanted: &str| ranges.iter().find(|(name, _)| name == wanted).map(|(_, quality)| *quality);
    said(media_type).or_else(|| said(&format!("{group}/*"))).or_else(|| said("*/*")).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_a_page_and_everybody_else_data() {
        for (lines, html) in [
            (&[][..], false),
            (&["*/*"], false),
            (&["application/json"], false),
            (&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], true),
            (&["text/html"], true),
            (&["TEXT/HTML; q=0.5"], true),
            (&["text/*;q=0.9, application/json;q=0.8"], true),
            (&["application/json, text/html"], false),
            (&["application/json;q=0.1", "text/html;q=0.2"], true),
            (&["text/html;q=0, */*"], false),
            (&["rubbish;;;q=x"], false),
            (&["\u{e9}"], false),
        ] {
            let headers =
                lines.iter().map(|line| (header::ACCEPT, http::HeaderValue::from_bytes(line.as_bytes()).unwrap()));
            assert_eq!(prefers_html(&headers.collect()), html, "{lines:?}");
        }
    }
}
