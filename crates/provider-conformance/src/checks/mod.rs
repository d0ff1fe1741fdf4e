//! The rules, grouped by what they are about. Each can be asked alone.

pub mod cancellation;
pub mod capabilities;
pub mod deadlines;
pub mod exchanges;
pub mod history;
pub mod live_sessions;
pub mod media;
pub mod misbehaviour;
pub mod moderation;
pub mod moving_pages;
pub mod oddities;
pub mod paging;
pub mod participants;
pub mod polls;
pub mod rows;
pub mod sessions;

use std::fmt::Debug;

use session_provider::{Effect, Error, ErrorKind, Operation, Result, SessionProvider};

use crate::Verdict;
use crate::verdict::{ensure, ensure_eq};

/// An answer that says "not there" of the kind, with all that belongs to it, and nothing else.
fn is_absence<T: Debug>(
    provider: &dyn SessionProvider,
    operation: Operation,
    answer: Result<T>,
    kind: ErrorKind,
) -> Verdict {
    let error = match answer {
        Ok(answer) => return Err(crate::Violation::new(format!("{operation} answered {answer:?}, not {kind:?}"))),
        Err(error) => error,
    };
    ensure_eq!(error.kind(), kind, "{operation}: kind of {error:?}");
    ensure_eq!(error.effect(), Effect::None, "{operation}: effect of a refusal");
    ensure!(!error.is_retryable(), "{operation}: {error} is said to be worth repeating");
    is_in_context(provider, operation, &error)
}

/// The error says where it happened.
fn is_in_context(provider: &dyn SessionProvider, operation: Operation, error: &Error) -> Verdict {
    ensure_eq!(error.provider(), Some(provider.id()), "{operation}: provider of {error:?}");
    ensure_eq!(error.operation(), Some(operation), "{operation}: operation of {error:?}");
    Ok(())
}

/// Ends the check well if the provider does not offer the operation.
macro_rules! need {
    ($provider:expr, $operation:ident) => {
        if !$provider.capabilities().supports(session_provider::Operation::$operation) {
            return Ok(());
        }
    };
}

/// The value of a good answer, or the end of the check.
macro_rules! good {
    ($answer:expr, $($text:tt)+) => {
        match $answer {
            Ok(value) => value,
            Err(error) => return Err($crate::Violation::new(format!("{}: {error:?}", format_args!($($text)+)))),
        }
    };
}

use {good, need};
