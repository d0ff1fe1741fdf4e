//! What went wrong, as the port says it. Only the code of a server's error is told, never its text: a server may repeat there
//! what it was sent, a password among it.

use std::io;
use std::sync::Arc;

use coordination::StoreError;
use redis::{ErrorKind, RedisError};

/// A step's failure, and whether the connection is still good.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    what: &'static str,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// Replies may be missing, out of step or from a server that is no longer the right one: connect anew.
    pub(crate) is_broken: bool,
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault.cause {
            Some(cause) => Self::new(fault.what, cause),
            None => Self::plain(fault.what),
        }
    }
}

/// The code of a server's error, by which it is known in the server's documentation.
#[derive(Debug, thiserror::Error)]
#[error("the server says {0}")]
struct Code(String);

impl Fault {
    /// It did not answer in time.
    pub(crate) fn late() -> Self {
        Self { what: "did not answer in time", cause: None, is_broken: true }
    }

    /// What came is not what a step answers.
    pub(crate) fn wrong_reply() -> Self {
        Self { what: "answers what was not asked", cause: None, is_broken: true }
    }

    pub(crate) fn unreachable(error: io::Error) -> Self {
        Self { what: "cannot be reached", cause: Some(Arc::new(error)), is_broken: true }
    }

    /// What the redis crate says of a step or of the first words on a connection.
    pub(crate) fn of(error: &RedisError) -> Self {
        if let Some(code) = error.code() {
            return Self::of_code(code);
        }
        match error.kind() {
            ErrorKind::AuthenticationFailed => Self::of_code("WRONGPASS"),
            ErrorKind::Parse | ErrorKind::UnexpectedReturnType => Self::wrong_reply(),
            _ => {
                let kind = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
                Self::unreachable(kind.map_or(io::ErrorKind::Other, io::Error::kind).into())
            }
        }
    }

    fn of_code(code: &str) -> Self {
        let (what, is_broken) = match code {
            "OOM" => ("is out of memory", false),
            "WRONGPASS" | "NOAUTH" => ("refuses the user or the password", true),
            "NOPERM" => ("does not let this user do what it must", false),
            // It may be another server's turn, which the same name leads to.
            "READONLY" | "MASTERDOWN" | "LOADING" | "CLUSTERDOWN" => ("is not ready", true),
            "MOVED" | "ASK" | "CROSSSLOT" => ("is a cluster, which cannot be used yet", false),
            _ => ("refused a step", false),
        };
        let known: String = code.chars().filter(char::is_ascii_uppercase).take(20).collect();
        Self { what, cause: Some(Arc::new(Code(known))), is_broken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Fault {
        let value = redis::parse_redis_value(format!("{line}\r\n").as_bytes()).unwrap();
        Fault::of(&value.extract_error().unwrap_err())
    }

    #[test]
    fn of_a_servers_error_only_the_code_is_told() {
        for (line, what, is_broken) in [
            ("-OOM command not allowed: hunter2", "is out of memory", false),
            ("-WRONGPASS hunter2", "refuses the user", true),
            ("-NOAUTH hunter2", "refuses the user", true),
            ("-NOPERM hunter2", "does not let", false),
            ("-READONLY hunter2", "is not ready", true),
            ("-LOADING hunter2", "is not ready", true),
            ("-MOVED 3999 hunter2:6381", "is a cluster", false),
            ("-ERR unknown command 'AUTH', with args beginning with: 'hunter2'", "refused a step", false),
            ("-hunter2 is what was sent", "refused a step", false),
        ] {
            let fault = of(line);
            assert_eq!(fault.is_broken, is_broken, "{line}");
            let error = StoreError::from(fault);
            assert!(error.to_string().contains(what), "{line}: {error}");
            let told = format!("{error} {error:?} {}", error.cause().unwrap());
            assert!(!told.contains("hunter2"), "{told}");
        }
    }
}
