//! Who is about to join.

use serde_json::{Value, json};

/// A person as given to [`World::join`](super::World::join).
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub(super) name: Option<String>,
    pub(super) custom_id: Option<String>,
    pub(super) role: Option<String>,
    pub(super) metadata: Option<Value>,
}

impl Person {
    /// A person with a name; a custom id is made up unless given.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), custom_id: None, role: None, metadata: None }
    }

    /// A person without a name.
    #[must_use]
    pub fn nameless() -> Self {
        Self { name: None, custom_id: None, role: None, metadata: None }
    }

    /// The customer's own id. The same id in the same room is the same person (RealtimeKit).
    #[must_use]
    pub fn custom_id(mut self, id: impl Into<String>) -> Self {
        self.custom_id = Some(id.into());
        self
    }

    /// Huddle01 role or RealtimeKit preset name.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Huddle01 peer metadata; without it an object with the display name.
    #[must_use]
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }

    pub(super) fn metadata_or_default(&self) -> Value {
        match (&self.metadata, &self.name) {
            (Some(given), _) => given.clone(),
            (None, Some(name)) => json!({ "displayName": name }),
            (None, None) => Value::Null,
        }
    }
}

impl From<&str> for Person {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}

/// What joining gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The session joined, begun by the join if none ran.
    pub session_id: String,
    /// The person.
    pub participant_id: String,
    /// The connection (peer id).
    pub connection_id: String,
}
