//! What `fuzz/` calls. Not part of the API.

pub use crate::reads::fuzzing::cursor;

/// Runs every file of a target's committed corpus through it.
#[cfg(test)]
pub(crate) fn replay(target: &str, least: usize, run: fn(&[u8])) {
    let folder = format!("{}/../../fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        run(&std::fs::read(entry.unwrap().path()).unwrap());
        files += 1;
    }
    assert!(files >= least, "{target} has {files} files");
}
