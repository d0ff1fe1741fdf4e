//! Where a reader stands in a log.

/// A place between two events of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// A random number: places of logs that began at different times have nothing in common.
    pub(super) epoch: u64,
    /// How many events, of this epoch, come before it.
    pub(super) number: u64,
}

impl Place {
    /// The place after the next event.
    pub(super) fn after_next(self) -> Self {
        Self { number: self.number + 1, ..self }
    }
}
