//! The URL of a request, built from typed parts and then checked against them.

use url::{Position, Url};

use crate::{BaseUrl, Request};

/// The base, the segments and the query as one URL; `None` if the result is not exactly that, which is our bug.
///
/// The check is not idle: `path_segments_mut().push("..")` is skipped silently, and a base that has been tampered with
/// would send the credential elsewhere.
pub(crate) fn request_url(base: &BaseUrl, request: &Request) -> Option<Url> {
    let mut url = base.as_url().clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(request.path.iter().map(crate::Segment::as_str));
    if !request.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&request.query);
    }
    is_as_meant(base.as_url(), &url, request).then_some(url)
}

fn is_as_meant(base: &Url, url: &Url, request: &Request) -> bool {
    let meant = segments(base).chain(request.path.iter().map(crate::Segment::as_str));
    // Scheme, host and port, and that there is neither user nor password: a base URL has none.
    url[..Position::BeforePath] == base[..Position::BeforePath]
        && url.fragment().is_none()
        && segments(url).eq(meant)
        && url.query_pairs().eq(request.query.iter().map(|(name, value)| ((*name).into(), value.as_str().into())))
}

/// The path's segments; none for the bare root.
fn segments(url: &Url) -> impl Iterator<Item = &str> {
    let path = url.path().strip_prefix('/').unwrap_or(url.path());
    (!path.is_empty()).then(|| path.split('/')).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use session_provider::Operation;

    use super::*;
    use crate::Segment;

    fn built(base: &str, path: &[&str], query: &[(&'static str, &str)]) -> Option<String> {
        let base = BaseUrl::parse(base, false).unwrap();
        let path = path.iter().map(|text| Segment::new(text).unwrap()).collect();
        let request = query
            .iter()
            .fold(Request::get(Operation::GetLiveSession, path), |request, (name, value)| request.query(name, *value));
        request_url(&base, &request).map(String::from)
    }

    #[test]
    fn a_url_is_base_then_segments_then_query() {
        assert_eq!(
            built("https://h/api/v2/", &["live-sessions", "kad-mwxe-pfo"], &[]).unwrap(),
            "https://h/api/v2/live-sessions/kad-mwxe-pfo"
        );
        assert_eq!(built("https://h:8443", &["a"], &[]).unwrap(), "https://h:8443/a");
        assert_eq!(built("https://h", &[], &[]).unwrap(), "https://h/");
        assert_eq!(built("https://h/x", &[], &[]).unwrap(), "https://h/x");
    }

    #[test]
    fn query_values_are_percent_encoded() {
        assert_eq!(
            built("https://h", &["s"], &[("status", "LIVE"), ("q", "a&b=c #/?%ä")]).unwrap(),
            "https://h/s?status=LIVE&q=a%26b%3Dc+%23%2F%3F%25%C3%A4"
        );
    }

    #[test]
    fn a_result_that_is_not_what_was_meant_is_refused() {
        let base = Url::parse("https://h/api").unwrap();
        let request = Request::get(Operation::GetSession, vec![Segment::new("a").unwrap()]).query("k", "v");
        let ok = |text: &str| is_as_meant(&base, &Url::parse(text).unwrap(), &request);
        assert!(ok("https://h/api/a?k=v"));
        for wrong in [
            "http://h/api/a?k=v",
            "https://h:444/api/a?k=v",
            "https://evil/api/a?k=v",
            "https://u@h/api/a?k=v",
            "https://h/api/a?k=v#f",
            "https://h/api/a",
            "https://h/api/a?k=w",
            "https://h/api?k=v",
            "https://h/a?k=v",
            "https://h/api/a/?k=v",
            "https://h/api/a/b?k=v",
        ] {
            assert!(!ok(wrong), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_segments_and_query_give_the_url_they_mean(
            path in proptest::collection::vec("[A-Za-z0-9_-]{1,12}", 0..5),
            value in ".*",
        ) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            proptest::prop_assert!(built("https://h/base", &path, &[("v", &value)]).is_some());
        }
    }
}
