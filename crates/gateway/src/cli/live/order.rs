//! What `rollcall live` is told on the command line.

use std::path::PathBuf;

use clap::Args;

/// What is to be shown, and how.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub(crate) struct LiveOrder {
    /// Where the API is. Without it ROLLCALL_URL, else http://127.0.0.1:8080
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Only this provider; may be given several times. Without it: all that the token may see
    #[arg(long, value_name = "ID")]
    pub(super) provider: Vec<String>,
    /// Follow what happens: the table is redrawn in place, or one line a change where output is no terminal. Ctrl-C ends
    /// it: exit 0 on a terminal, elsewhere as any program that is interrupted (130 in a shell)
    #[arg(long)]
    pub(super) watch: bool,
    /// JSON: the whole list as one document, or with --watch one event a line
    #[arg(long)]
    pub(super) json: bool,
    /// A file that holds the token; read again for each connection. Without it ROLLCALL_TOKEN
    #[arg(long, value_name = "FILE")]
    pub(super) token_file: Option<PathBuf>,
}
