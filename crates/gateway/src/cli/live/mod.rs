//! `rollcall live`

mod access;
mod failing;
mod line;
mod list;
mod moment;
mod order;
mod table;
mod terminal;
#[cfg(test)]
mod testing;
mod text;
mod view;
mod watch;

use tokio::runtime::Builder;

pub(crate) use crate::cli::live::order::LiveOrder;

use crate::cli::live::access::Access;
use crate::cli::{Environment, Failure, print};

pub(super) fn run(order: &LiveOrder, environment: &Environment) -> Result<(), Failure> {
    let access = Access::new(order, environment)?;
    // One connection, and output that waits for its reader.
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::running(format!("cannot start the async runtime: {error}")))?;
    if order.watch {
        runtime.block_on(watch::watch(order, &access))
    } else {
        print(&runtime.block_on(list::list(order, &access))?)
    }
}
