//! Whoever acts on what other replicas say.

use std::fmt::Debug;

use crate::name::Scope;

/// Acts on what other replicas say, before anything that was known counts as confirmed.
pub trait NewsListener: Debug + Send + Sync {
    /// A mutation of this room may have had an effect.
    fn changed(&self, scope: Scope, room: &str, session: Option<&str>);

    /// A provider's notice names these rooms and this session.
    fn hinted(&self, scope: Scope, rooms: &[String], session: Option<&str>);

    /// A new answer has come to the account's list.
    fn answered(&self, scope: Scope);

    /// Anything may have changed: it is not known what was said.
    fn everything_changed(&self, scope: Scope);
}
