//! Which requests are meant: a method and a path with wildcards.

use http::Method;

/// Matches requests by method and path. `*` stands for one path segment, `**` for any number of them; a path that does
/// not begin with `/` may follow anything, so `sessions/*/participants` is enough.
///
/// ```
/// use provider_simulator::Pattern;
/// let pattern = Pattern::path("live-sessions/*");
/// assert!(pattern.matches(&http::Method::GET, "/api/v2/sdk/live-sessions/abc-defg-hij"));
/// assert!(!pattern.matches(&http::Method::GET, "/api/v2/sdk/live-sessions"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    method: Option<Method>,
    segments: Vec<String>,
}

impl Pattern {
    /// Every request.
    #[must_use]
    pub fn any() -> Self {
        Self::path("**")
    }

    /// Any method on this path.
    #[must_use]
    pub fn path(path: &str) -> Self {
        let mut segments: Vec<String> = path.trim_matches('/').split('/').map(str::to_owned).collect();
        if !path.starts_with('/') {
            segments.insert(0, "**".to_owned());
        }
        Self { method: None, segments }
    }

    /// GET on this path.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::path(path).method(Method::GET)
    }

    /// POST on this path.
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::path(path).method(Method::POST)
    }

    /// Only this method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Whether a request is meant. The path is compared as it was sent, without its query.
    #[must_use]
    pub fn matches(&self, method: &Method, path: &str) -> bool {
        let given: Vec<&str> = path.trim_matches('/').split('/').collect();
        self.method.as_ref().is_none_or(|m| m == method) && segments_match(&self.segments, &given)
    }
}

impl From<&str> for Pattern {
    /// `"GET path"` or `"path"`.
    fn from(text: &str) -> Self {
        match text.split_once(' ') {
            Some((method, path)) => match Method::from_bytes(method.as_bytes()) {
                Ok(method) => Self::path(path).method(method),
                Err(_) => Self::path(text),
            },
            None => Self::path(text),
        }
    }
}

fn segments_match(pattern: &[String], given: &[&str]) -> bool {
    match pattern.split_first() {
        None => given.is_empty(),
        Some((first, rest)) if first == "**" => (0..=given.len()).any(|n| segments_match(rest, &given[n..])),
        Some((first, rest)) => {
            given.split_first().is_some_and(|(g, more)| (first == "*" || first == g) && segments_match(rest, more))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_methods_and_paths() {
        let path = "/client/v4/accounts/a/realtime/kit/b/sessions/s/participants";
        for (pattern, expected) in [
            ("**", true),
            ("GET **", true),
            ("POST **", false),
            ("sessions/*/participants", true),
            ("GET sessions/s/participants", true),
            ("sessions/*", false),
            ("/sessions/*/participants", false),
            ("/client/v4/accounts/*/realtime/kit/*/sessions/**", true),
            ("participants", true),
            ("sessions", false),
        ] {
            assert_eq!(Pattern::from(pattern).matches(&Method::GET, path), expected, "{pattern}");
        }
    }
}
