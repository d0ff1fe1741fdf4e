//! The document.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::body::{self, Schemas};
use crate::operation::{Match, find, fits};
use crate::references::inlined;
use crate::{SeenAnswer, headers};

/// The media type of problems.
const PROBLEM: &str = "application/problem+json";

/// An OpenAPI 3.1 document whose errors are all one schema, `Problem`, and whose descriptions of error responses name the
/// codes in backticks.
#[derive(Debug)]
pub struct OpenApiDocument {
    paths: Map<String, Value>,
    pages: Vec<String>,
    schemas: Schemas,
}

impl OpenApiDocument {
    /// Reads it.
    ///
    /// # Errors
    /// It is not JSON, or has no paths.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut document = inlined(&document);
        let Value::Object(paths) = document["paths"].take() else { return Err("there are no paths".to_owned()) };
        Ok(Self { paths, pages: Vec::new(), schemas: Schemas::new(document["components"].take()) })
    }

    /// Without all paths but these, for a listener that has no other.
    #[must_use]
    pub fn limited_to(mut self, paths: &[&str]) -> Self {
        self.paths.retain(|path, _| paths.contains(&path.as_str()));
        self
    }

    /// With pages for people at these paths: the document does not speak of them, and a success is not held against it.
    #[must_use]
    pub fn with_pages(mut self, paths: &[&str]) -> Self {
        self.pages = paths.iter().map(|path| (*path).to_owned()).collect();
        self
    }

    /// Whether the document allows this answer: its status, its headers, its media type and its body. What the document
    /// does not have is answered with a problem, and a preflight with headers alone.
    ///
    /// # Errors
    /// Everything that is at fault, with the whole answer.
    pub fn check(&self, answer: &SeenAnswer<'_>) -> Result<(), String> {
        let mut faults = headers::length_faults(answer);
        faults.extend(match find(&self.paths, answer.method, answer.path) {
            Match::Operation(operation) => self.operation_faults(answer, operation),
            Match::OtherMethod if is_preflight(answer) => Vec::new(),
            Match::OtherMethod => self.problem_faults(answer),
            Match::Nothing if self.is_page(answer) => Vec::new(),
            Match::Nothing => self.problem_faults(answer),
        });
        if faults.is_empty() {
            return Ok(());
        }
        let body = String::from_utf8_lossy(answer.body);
        Err(format!(
            "the document does not allow this answer to {} {}:\n  {}\n{} {:?}\n{body}",
            answer.method,
            answer.path,
            faults.join("\n  "),
            answer.status,
            answer.headers,
        ))
    }

    fn operation_faults(&self, answer: &SeenAnswer<'_>, operation: &Value) -> Vec<String> {
        let Some(response) = operation["responses"].get(answer.status.as_str()) else {
            return vec![format!("status {} is not documented", answer.status)];
        };
        let mut faults = headers::faults(answer, response);
        faults.extend(body::faults(answer, response, &self.schemas));
        faults.extend(body::request_faults(answer, operation, &self.schemas));
        let is_problem = !answer.has_no_body() && answer.media_type() == PROBLEM;
        let code = is_problem.then(|| serde_json::from_slice::<Value>(answer.body).unwrap_or_default()["code"].take());
        if let Some(Value::String(code)) = code
            && !response["description"].as_str().is_some_and(|told| told.contains(&format!("`{code}`")))
        {
            faults.push(format!("the code {code} is not told for status {}", answer.status));
        }
        faults
    }

    fn is_page(&self, answer: &SeenAnswer<'_>) -> bool {
        let read = [Method::GET, Method::HEAD].contains(answer.method);
        let done = answer.status.is_success() || answer.status == StatusCode::NOT_MODIFIED;
        read && done && self.pages.iter().any(|page| fits(page, answer.path))
    }

    fn problem_faults(&self, answer: &SeenAnswer<'_>) -> Vec<String> {
        if !answer.status.is_client_error() && !answer.status.is_server_error() {
            return vec![format!("{} for what the document does not have", answer.status)];
        }
        let problem = json!({ "content": { PROBLEM: { "schema": { "$ref": "#/components/schemas/Problem" } } } });
        body::faults(answer, &problem, &self.schemas)
    }
}

fn is_preflight(answer: &SeenAnswer<'_>) -> bool {
    *answer.method == Method::OPTIONS && answer.status == StatusCode::OK && answer.body.is_empty()
}

#[cfg(test)]
mod tests;
