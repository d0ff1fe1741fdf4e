//! Programs that tests run beside the gateway.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;

/// The first of these programs that is there; `None`, which is said on standard error, where none is. With `variable` set to
/// 1 that is a failure.
pub(crate) fn find(names: &[&str], variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Where Debian keeps servers, which is not on everybody's PATH.
    let folders: Vec<_> = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]).collect();
    let found =
        names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()));
    if found.is_none() {
        let names = names.join(", no ");
        assert!(std::env::var_os(variable).is_none_or(|it| it != "1"), "no {names} on the PATH");
        // Not `eprintln!`, which the test runner keeps to itself where a test passes.
        let _ = writeln!(std::io::stderr(), "SKIPPED: a test of several replicas; no {names} on the PATH");
    }
    found
}

/// A port that nobody has, for a program that cannot be told to take any.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port()
}

/// Sends a signal to a process, by its name.
pub(crate) fn signal(name: &str, process: u32) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().expect("sh runs");
    assert!(sent.success(), "kill -{name} {process}");
}
