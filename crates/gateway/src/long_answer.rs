//! Answers that go on by design.

/// Marks, in the extensions of a response, an answer whose body goes on until it has a reason to end. It is no slow one:
/// its reader may take hours, as long as the body is asked for what comes next from time to time.
#[derive(Debug, Clone, Copy)]
pub struct LongAnswer;
