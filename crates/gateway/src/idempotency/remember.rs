//! What the ledger needs to know of the outcomes it keeps.

/// The outcome of a request, as every repeat of it is answered.
pub trait Remember: Clone + Send + Sync + 'static {
    /// Whether it stands, so that a repeat must get it. One that does not leaves its key free.
    fn stands(&self) -> bool;

    /// Roughly the memory that it takes.
    fn bytes(&self) -> usize;

    /// What is kept in the place of an outcome that is too large: the key stays used, so that nothing is sent a second
    /// time.
    fn too_large() -> Self;
}
