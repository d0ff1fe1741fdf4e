//! Why an upstream cannot be set up.

/// Why an upstream cannot be set up. Holds no credential.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the HTTP client: {0}")]
pub struct BuildError(pub(crate) String);
