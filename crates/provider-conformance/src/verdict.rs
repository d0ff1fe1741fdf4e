//! What a check comes to.

use std::fmt;

/// A rule that was broken, by what, in which circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation(String);

/// What a check comes to.
pub type Verdict = Result<(), Violation>;

impl Violation {
    /// A violation described by `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// This violation, seen in `circumstances`.
    #[must_use]
    pub fn when(self, circumstances: impl fmt::Display) -> Self {
        Self(format!("{circumstances}: {}", self.0))
    }

    /// Nothing if none of the verdicts is a violation, else all of those as one.
    ///
    /// # Errors
    /// All violations together.
    pub fn all(verdicts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let texts: Vec<String> = verdicts.into_iter().filter_map(Result::err).map(|violation| violation.0).collect();
        if texts.is_empty() { Ok(()) } else { Err(Self(texts.join("\n"))) }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Violation {}

/// Ends the check with a violation unless the condition holds.
macro_rules! ensure {
    ($condition:expr, $($text:tt)+) => {
        if !$condition {
            return Err($crate::Violation::new(format!($($text)+)));
        }
    };
}

/// Ends the check with a violation unless both are equal.
macro_rules! ensure_eq {
    ($left:expr, $right:expr, $($text:tt)+) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            let what = format!($($text)+);
            return Err($crate::Violation::new(format!("{what}: {left:?}, not {right:?}")));
        }
    }};
}

pub(crate) use {ensure, ensure_eq};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_add_up_with_their_circumstances() {
        let one = Err(Violation::new("a").when("kick"));
        let all = Violation::all([Ok(()), one, Err(Violation::new("b"))]);
        assert_eq!(all.unwrap_err().to_string(), "kick: a\nb");
        assert_eq!(Violation::all([Ok(()), Ok(())]), Ok(()));
    }
}
