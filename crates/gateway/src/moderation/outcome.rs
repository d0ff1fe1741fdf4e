//! How a mutation ended, as callers are told.

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use crate::idempotency::Remember;
use crate::problem::{Code, Problem};

#[derive(Debug, Clone)]
pub struct Done {
    pub status: StatusCode,
    pub body: Bytes,
}

/// What every caller who asked for the same thing with the same key is told.
pub type Outcome = Result<Done, Box<Problem>>;

impl Done {
    /// A rendered answer. One that cannot be rendered was done all the same.
    pub(crate) fn render(status: StatusCode, value: &impl Serialize) -> Outcome {
        match serde_json::to_vec(value) {
            Ok(body) => Ok(Self { status, body: body.into() }),
            Err(error) => {
                tracing::error!(%error, "an answer could not be rendered");
                let detail = "It was done, but the answer could not be rendered; this is our bug. Do not repeat it.";
                Err(Box::new(Problem::new(Code::Internal, detail)))
            }
        }
    }
}

impl Remember for Outcome {
    /// One that may be different next time is not remembered.
    fn stands(&self) -> bool {
        self.as_ref().map_or_else(|problem| !problem.retryable, |_| true)
    }

    fn bytes(&self) -> usize {
        match self {
            Ok(done) => size_of::<Done>() + done.body.len(),
            Err(problem) => size_of::<Problem>() + problem.detail.len(),
        }
    }

    fn too_large() -> Self {
        let detail =
            "It was done when this key was first used, but that answer was too large to keep. Do not repeat it.";
        Err(Box::new(Problem::new(Code::Internal, detail)))
    }
}
