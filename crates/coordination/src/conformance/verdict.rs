//! What a check finds.

use crate::store::StoreError;

/// What a store did that it must not, in a sentence.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Violation(String);

impl Violation {
    /// With what was seen.
    pub fn new(seen: impl Into<String>) -> Self {
        Self(seen.into())
    }
}

impl From<StoreError> for Violation {
    fn from(error: StoreError) -> Self {
        let cause = error.cause().map(|cause| format!(": {cause}")).unwrap_or_default();
        Self(format!("{error}{cause}"))
    }
}

/// What comes of a check.
pub type Verdict = Result<(), Violation>;

/// A condition, with what is seen where it does not hold.
macro_rules! ensure {
    ($holds:expr, $($seen:tt)+) => {
        if !$holds {
            return Err($crate::conformance::Violation::new(format!($($seen)+)));
        }
    };
}

/// Two things that must be equal.
macro_rules! ensure_eq {
    ($left:expr, $right:expr, $about:literal) => {
        match (&$left, &$right) {
            (left, right) if left == right => {}
            (left, right) => {
                let seen = format!("{}: {left:?} instead of {right:?}", $about);
                return Err($crate::conformance::Violation::new(seen));
            }
        }
    };
}

pub(crate) use {ensure, ensure_eq};
