//! What is live now, once.

use rollcall_client::types::LiveSessionPage;
use rollcall_client::{all_live_sessions, connect};
use session_provider::Clock;

use crate::cli::Failure;
use crate::cli::live::access::Access;
use crate::cli::live::order::LiveOrder;
use crate::cli::live::terminal::Terminal;
use crate::cli::live::{failing, table};

/// What is live, as it is to be printed.
pub(super) async fn list(order: &LiveOrder, access: &Access) -> Result<String, Failure> {
    let token = access.token().map_err(Failure::usage)?;
    let client = connect(&access.url, &token).map_err(|error| failing::connecting(&error))?;
    let page = all_live_sessions(&client, &order.provider).await.map_err(|error| failing::call(&access.url, error))?;
    if order.json {
        let text = serde_json::to_string_pretty(&page).map_err(|error| Failure::running(error.to_string()))?;
        return Ok(text + "\n");
    }
    let columns = Terminal::stdout().map(|terminal| terminal.size().0);
    Ok(show(&page, Clock::system().now().unix_seconds(), columns).join("\n") + "\n")
}

fn show(page: &LiveSessionPage, now: i64, columns: Option<usize>) -> Vec<String> {
    let mut sessions: Vec<_> = page.data.iter().collect();
    table::sort(&mut sessions);
    let mut lines = if sessions.is_empty() { Vec::new() } else { table::rows(&sessions, now, columns) };
    if !sessions.is_empty() {
        lines.push(String::new());
    }
    lines.push(table::summary(sessions.len(), page.complete));
    lines.extend(table::complaints(page.providers.iter()));
    lines
}
