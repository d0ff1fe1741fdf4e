//! What came back: a whole, bounded body under a status that the provider must read.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use session_provider::{Error, ErrorKind, Intent, Operation, Result};

use crate::reading::Readers;

/// A complete answer: 2xx, or a 4xx whose meaning depends on the product (all but 401, 403 and 429).
#[derive(Clone)]
pub struct Response {
    pub(crate) operation: Operation,
    pub(crate) intent: Intent,
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    pub(crate) readers: Readers,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Response {
    /// An answer made by hand, for tests of mapping functions.
    #[must_use]
    pub fn made(operation: Operation, intent: Intent, status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self { operation, intent, status, body: body.into(), readers: Readers::default() }
    }

    /// Any 2xx, or a 4xx other than 401, 403 and 429.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The whole body with its content coding undone, at most `max_body_bytes`; perhaps empty, perhaps no JSON.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as JSON of the given shape.
    ///
    /// # Errors
    /// `ProviderBadResponse`, which says where the JSON broke but nothing of what it held.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| {
            self.bad("The provider's answer is not the JSON it promises.").with_source(format!(
                "{:?} at line {} column {}",
                error.classify(),
                error.line(),
                error.column()
            ))
        })
    }

    /// This answer cannot be trusted: `ProviderBadResponse` with a sentence of our own. The outcome of a mutation is
    /// unknown if the status was a success.
    #[must_use]
    pub fn bad(&self, detail: &'static str) -> Error {
        let error = self.error(ErrorKind::ProviderBadResponse).with_detail(detail);
        if self.status.is_success() { error.after_sending(self.intent) } else { error }
    }

    /// This answer means a failure of that kind; a refusal, so a mutation surely had no effect.
    #[must_use]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind).in_operation(self.operation).with_upstream_status(self.status.as_u16())
    }
}

#[cfg(test)]
mod tests {
    use session_provider::Effect;

    use super::*;

    fn response(status: u16, body: impl Into<Bytes>) -> Response {
        Response::made(Operation::KickParticipants, Intent::Mutation, StatusCode::from_u16(status).unwrap(), body)
    }

    #[test]
    fn json_that_is_deeper_than_any_answer_is_an_error_not_a_stack_overflow() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = [open.repeat(10_000), "1".to_owned(), close.repeat(10_000)].concat();
            let error = response(200, deep).json::<serde_json::Value>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ProviderBadResponse);
        }
    }

    #[test]
    fn an_unreadable_answer_is_told_without_what_it_held() {
        let error = response(200, r#"{"secret":"hunter2"}"#).json::<Vec<u8>>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert_eq!((error.effect(), error.upstream_status()), (Effect::Unknown, Some(200)));
        assert!(!format!("{:?}", response(200, "hunter2")).contains("hunter2"));
    }

    #[test]
    fn a_refusal_has_no_effect_however_odd_its_body() {
        assert_eq!(response(404, "<html>").bad("odd").effect(), Effect::None);
        assert_eq!(response(404, "").error(ErrorKind::SessionNotLive).effect(), Effect::None);
    }
}
