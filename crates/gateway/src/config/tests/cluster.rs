//! `[cluster]`

use std::time::Duration;

use crate::config::tests::{WHOLE, keys_of, parse, with_environment};

fn with(table: &str) -> String {
    format!("{WHOLE}\n[cluster]\n{table}")
}

#[test]
fn without_a_url_this_process_is_alone() {
    assert!(parse(WHOLE).unwrap().cluster.is_none());
    assert!(parse(&with("replicas = 5\ntimeout = \"20ms\"")).unwrap().cluster.is_none());
}

#[test]
fn what_is_left_out_has_its_default() {
    let cluster = parse(&with("url = \"redis://127.0.0.1:6379\"")).unwrap().cluster.unwrap();
    assert_eq!((cluster.settings.timeout, cluster.settings.replicas), (Duration::from_millis(50), 3));
    assert_eq!((cluster.store.namespace.as_str(), cluster.store.timeout), ("rollcall", Duration::from_millis(50)));
    let variables = [
        ("ROLLCALL__CLUSTER__URL", "rediss://user:canary-password@store:6380/2"),
        ("ROLLCALL__CLUSTER__REPLICAS", "7"),
    ];
    let cluster = with_environment(WHOLE, &variables).unwrap().cluster.unwrap();
    assert_eq!(cluster.settings.replicas, 7);
    assert!(!format!("{cluster:?}").contains("canary"));
}

#[test]
fn each_key_has_its_bounds() {
    let url = "url = \"redis://127.0.0.1:6379\"";
    for (table, key) in [
        ("timeout = \"0s\"", "cluster.timeout"),
        ("replicas = 0", "cluster.replicas"),
        ("url = \"http://127.0.0.1:6379\"", "cluster.url"),
        ("url = \"redis://\"", "cluster.url"),
        ("password = \"canary-password\"", "cluster.password"),
        (&format!("{url}\ntimeout = \"0ms\""), "cluster.timeout"),
        (&format!("{url}\nnamespace = \"a b\""), "cluster.namespace"),
        (&format!("{url}\nca_file = \"is-not-there.pem\""), "cluster.ca_file"),
        (&format!("{url}\nurl_file = \"x\""), "cluster.url"),
        (&format!("{url}\nshards = 3"), "cluster.shards"),
    ] {
        let error = parse(&with(table)).unwrap_err();
        assert_eq!(keys_of(&error).first(), Some(&key), "{table}: {error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}
