//! Why a call failed.

use std::fmt;

use reqwest::StatusCode;

use crate::generated::Error;
use crate::generated::types::{Problem, ProblemCode};

/// The problem that the gateway answered with, if it answered with one.
#[must_use]
pub fn problem(error: &Error<Problem>) -> Option<&Problem> {
    match error {
        Error::ErrorResponse(answer) => Some(answer),
        _ => None,
    }
}

/// The code of a problem as it was sent, whether this client knows it or not.
#[must_use]
pub fn code(problem: &Problem) -> String {
    match &problem.code {
        ProblemCode::Known(code) => code.to_string(),
        ProblemCode::Other(code) => code.clone(),
    }
}

/// Whether it is no error at all, but the 304 that was asked for with `if_none_match`.
#[must_use]
pub fn is_not_modified(error: &Error<Problem>) -> bool {
    error.status() == Some(StatusCode::NOT_MODIFIED)
}

/// Why a call failed, in words for people: of a problem its `detail`.
#[derive(Debug)]
pub struct Failure(pub Error<Problem>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Error::ErrorResponse(problem) => f.write_str(&problem.detail),
            Error::CommunicationError(error) | Error::ResponseBodyError(error) => f.write_str(&cause_of(error)),
            Error::InvalidResponsePayload(_, error) => write!(f, "the answer is not one of Rollcall: {error}"),
            Error::UnexpectedResponse(answer) => write!(f, "the answer is not one of Rollcall: {}", answer.status()),
            other => write!(f, "{other}"),
        }
    }
}

impl std::error::Error for Failure {}

/// What is behind an error of the HTTP client: what it says itself is that sending failed.
pub(crate) fn cause_of(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause = cause.to_string();
    // What rustls and hyper say of who speaks another protocol helps nobody.
    if cause.contains("InvalidContentType") {
        return "no TLS is spoken there; should the URL begin with http:// rather than https://?".to_owned();
    }
    if cause.contains("invalid HTTP version") {
        return "no HTTP is spoken there; should the URL begin with https:// rather than http://?".to_owned();
    }
    if error.is_connect() { format!("cannot connect: {cause}") } else { cause }
}
