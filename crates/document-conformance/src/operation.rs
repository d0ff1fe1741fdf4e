//! Which operation a request was for.

use http::Method;
use serde_json::{Map, Value};

/// What the document has for a path and a method.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Match<'a> {
    /// This operation.
    Operation(&'a Value),
    /// The path, without that method.
    OtherMethod,
    /// Nothing.
    Nothing,
}

/// Finds it; a path without templates comes first.
pub(crate) fn find<'a>(paths: &'a Map<String, Value>, method: &Method, path: &str) -> Match<'a> {
    let item = paths.get(path).or_else(|| {
        let fitting = paths.iter().find(|(template, _)| fits(template, path));
        fitting.map(|(_, item)| item)
    });
    let Some(item) = item else { return Match::Nothing };
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    match item.get(method.as_str().to_ascii_lowercase()) {
        Some(operation) => Match::Operation(operation),
        None => Match::OtherMethod,
    }
}

/// A template's parameter is one segment; only the last may not be empty, as the gateway routes it.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && path.last().is_some_and(|last| !last.is_empty())
        && template.iter().zip(&path).all(|(part, segment)| part.starts_with('{') || part == segment)
}
