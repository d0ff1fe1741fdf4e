//! `[events]`

use std::time::Duration;

use crate::config::EventsConfig;
use crate::config::tests::{WHOLE, keys_of, parse};

fn with(tables: &str) -> String {
    format!("{WHOLE}\n{tables}")
}

#[test]
fn each_key_has_its_bounds() {
    for (tables, key) in [
        ("[events]\nmax_streams = 5001", "events.max_streams"),
        ("[limits]\nmax_connections = 100\n[events]\nmax_streams = 51", "events.max_streams"),
        ("[events]\nheartbeat = \"31s\"", "events.heartbeat"),
        ("[events]\npoll_for = \"0s\"", "events.poll_for"),
        ("[events]\nkeep = { for = \"60s\", rows = 5 }", "events.keep.rows"),
        ("[events]\nmax_rooms = 0", "events.max_rooms"),
        ("[limits]\nstreams = 0", "limits.streams"),
    ] {
        assert_eq!(keys_of(&parse(&with(tables)).unwrap_err()), [key], "{tables}");
    }
}

#[test]
fn what_is_left_out_has_its_default_and_fits_the_connections() {
    let events = |tables: &str| parse(&with(tables)).unwrap().events;
    assert_eq!(events(""), EventsConfig::default());
    assert_eq!(events("[limits]\nmax_connections = 100").max_streams.get(), 50);
    assert_eq!(events("[limits]\nmax_connections = 100\n[events]\nmax_streams = 50").max_streams.get(), 50);
    let keep = events("[events]\nkeep = { events = 5 }");
    assert_eq!((keep.keep_for, keep.keep_events.get()), (Duration::from_secs(60), 5));
}
