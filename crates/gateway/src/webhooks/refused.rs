//! Webhooks that are not taken.

use std::time::Duration;

use session_provider::WebhookRefusal;

use crate::problem::{Code, Problem};

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The provider did not sign it.
    Forged,
    /// It was signed too long ago, or too far ahead of our clock.
    Untimely,
    /// There is no key to check it with.
    NoKey,
    /// Too many are under way.
    Overloaded,
}

impl From<WebhookRefusal> for Refused {
    fn from(refusal: WebhookRefusal) -> Self {
        match refusal {
            WebhookRefusal::Forged => Self::Forged,
            WebhookRefusal::Untimely => Self::Untimely,
            WebhookRefusal::NoKey => Self::NoKey,
        }
    }
}

impl Refused {
    /// As the metric says it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Untimely => "untimely",
            Self::NoKey => "no_key",
            Self::Overloaded => "overloaded",
        }
    }
}

impl From<Refused> for Box<Problem> {
    /// What is wrong with a signature is not told: it would help nobody but a forger.
    fn from(refused: Refused) -> Self {
        let wait = |seconds| move |problem: Problem| problem.with_retry_after(Duration::from_secs(seconds));
        Self::new(match refused {
            Refused::Forged | Refused::Untimely => {
                Problem::new(Code::InvalidSignature, "It is not signed by the provider, or was signed too long ago.")
            }
            Refused::NoKey => {
                let detail = "There is no key yet to check the signature with; send it again.";
                wait(5)(Problem::new(Code::WebhookKeyUnavailable, detail))
            }
            Refused::Overloaded => {
                wait(1)(Problem::new(Code::Overloaded, "Too many webhooks are under way; send it again."))
            }
        })
    }
}
