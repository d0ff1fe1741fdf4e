//! Where the audit log goes.

use std::path::PathBuf;

use crate::config::section::Section;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditConfig {
    /// The file that lines are appended to; standard output when there is none. A relative path starts at the
    /// configuration's folder.
    pub file: Option<PathBuf>,
}

impl AuditConfig {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let config = Self { file: section.path("file") };
        section.finish();
        config
    }
}
