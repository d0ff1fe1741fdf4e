//! The names of keys in the store. Frozen: replicas of two versions share them.
//!
//! In braces stands what a key belongs to. A Redis Cluster keeps equal braces in one slot, so a script, whose keys all have
//! the same, runs there too.

use coordination::{Name, Question, Scope};

use crate::config::ConfigError;

/// What all names begin with.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    namespace: String,
}

impl Keys {
    pub(crate) fn new(namespace: &str) -> Result<Self, ConfigError> {
        let is_known = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
        if namespace.is_empty() || namespace.len() > 64 || !namespace.chars().all(is_known) {
            return Err(ConfigError::new("namespace", "must be 1 to 64 letters, digits, `.`, `-`, `_` or `:`"));
        }
        Ok(Self { namespace: namespace.to_owned() })
    }

    fn of_scope(&self, scope: Scope, what: &str) -> String {
        format!("{}:{{{}}}:{what}", self.namespace, scope.0)
    }

    /// The hash of counters, epoch, marks and lease; the feed; who is there; the log of events: in the order that scripts
    /// know.
    pub(crate) fn scope(&self, scope: Scope) -> Vec<String> {
        ["state", "feed", "replicas", "events"].map(|what| self.of_scope(scope, what)).into()
    }

    /// The same, with the answer to a question and the claim of its load.
    pub(crate) fn question(&self, scope: Scope, question: Question) -> Vec<String> {
        let mut keys = self.scope(scope);
        keys.extend(["answer", "claim"].map(|what| self.of_scope(scope, &format!("{what}:{}", question.0))));
        keys
    }

    /// A delivery of a webhook that was seen.
    pub(crate) fn delivery(&self, scope: Scope, delivery: Name) -> Vec<String> {
        vec![self.of_scope(scope, &format!("seen:{delivery}"))]
    }

    /// A key of a mutation.
    pub(crate) fn key(&self, key: Name) -> Vec<String> {
        vec![format!("{}:key:{{{key}}}", self.namespace)]
    }

    /// A budget.
    pub(crate) fn budget(&self, budget: Name) -> Vec<String> {
        vec![format!("{}:budget:{{{budget}}}", self.namespace)]
    }

    /// A caller's limit.
    pub(crate) fn limit(&self, limit: Name) -> Vec<String> {
        vec![format!("{}:limit:{{{limit}}}", self.namespace)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_frozen() {
        let keys = Keys::new("rollcall").unwrap();
        let (one, two) = (Name::of([b"one".as_slice()]), Name::of([b"two".as_slice()]));
        let scope = format!("rollcall:{{{one}}}");
        assert_eq!(one.to_string(), "615f69ed4e249a34955fc08be20fc324");
        assert_eq!(
            keys.question(Scope(one), Question(two)),
            ["state", "feed", "replicas", "events", &format!("answer:{two}"), &format!("claim:{two}")]
                .map(|what| format!("{scope}:{what}"))
        );
        assert_eq!(keys.scope(Scope(one)), keys.question(Scope(one), Question(two))[..4]);
        assert_eq!(keys.delivery(Scope(one), two), [format!("{scope}:seen:{two}")]);
        assert_eq!(keys.key(one), [format!("rollcall:key:{{{one}}}")]);
        assert_eq!(keys.budget(one), [format!("rollcall:budget:{{{one}}}")]);
        assert_eq!(keys.limit(one), [format!("rollcall:limit:{{{one}}}")]);
    }

    #[test]
    fn a_namespace_cannot_move_the_braces() {
        for bad in ["", "a{b", "a}", "a b", "ä", &"x".repeat(65)] {
            assert_eq!(Keys::new(bad).unwrap_err().at, "namespace", "{bad:?}");
        }
        assert!(Keys::new("eu-1.prod:rollcall_2").is_ok());
    }
}
