//! Why a file could not be read, in words.

use std::io::{Error, ErrorKind};

/// What an operator can do something about; anything else as the system says it.
pub fn unreadable(error: &Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8; save it as plain text".to_owned(),
        kind => kind.to_string(),
    }
}
