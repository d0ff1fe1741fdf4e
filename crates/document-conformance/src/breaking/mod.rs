//! Whether clients of an earlier document go on working with a later one: those that were generated from it, compiled, and
//! those that were written by hand.

mod bounds;
mod operations;
mod schemas;
mod way;

use serde_json::Value;

use crate::references::{inlined, members};

/// All that breaks a client of the released document, one sentence each, in the order of the released document; empty when
/// it goes on working. Operations, optional parameters and members of requests, members of answers, headers, statuses of
/// errors and forms of a union may be added; descriptions and examples may change.
///
/// # Errors
/// One of them is not JSON.
pub fn breaking_changes(released: &str, current: &str) -> Result<Vec<String>, String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| error.to_string());
    let (released, current) = (inlined(&parse(released)?), inlined(&parse(current)?));
    let mut faults = Vec::new();
    for (name, _) in members(&released["components"]["schemas"]) {
        if current["components"]["schemas"].get(name).is_none() {
            faults.push(format!("schema {name} is gone: generated clients have a type of that name"));
        }
    }
    operations::compare(&released, &current, &mut faults);
    Ok(faults)
}

#[cfg(test)]
mod tests;
