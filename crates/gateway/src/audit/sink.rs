//! Where lines go.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::telemetry::LineWriter;

/// Takes lines for good. Blocking.
pub(super) trait Sink: fmt::Debug + Send {
    /// Writes the line and does not return before it is out of this process's hands.
    fn append(&mut self, line: &[u8]) -> io::Result<()>;
}

/// Standard output, where other log lines go too: through their writer.
impl Sink for LineWriter {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.write_through(line)
    }
}

/// A file that is opened anew for each line, so that it can be moved away or removed at any time.
#[derive(Debug)]
pub(super) struct AppendFile {
    path: PathBuf,
    /// The last write broke off, or may have: the next one begins on a line of its own.
    torn: bool,
}

impl AppendFile {
    /// Makes the file if there is none, readable by its owner alone.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let file = open(path)?;
        let torn = file.metadata()?.is_file() && !ends_with_newline(path)?;
        Ok(Self { path: path.to_owned(), torn })
    }
}

impl Sink for AppendFile {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let mut file = open(&self.path)?;
        let was_torn = std::mem::replace(&mut self.torn, true);
        if was_torn {
            file.write_all(&[b"\n", line].concat())?;
        } else {
            file.write_all(line)?;
        }
        if file.metadata()?.is_file() {
            file.sync_data()?; // a pipe or a terminal cannot
        }
        self.torn = false;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Opening a named pipe would wait for a reader, for ever; so does writing to a full one. Files know no difference.
        options.mode(0o600).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

/// Whether a former process finished its last line.
fn ends_with_newline(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::audit::testing::TempDir;

    #[test]
    fn lines_are_appended_to_what_is_there() {
        let dir = TempDir::new();
        let path = dir.path().join("audit.jsonl");
        fs::write(&path, "old\n").unwrap();
        AppendFile::create(&path).unwrap().append(b"new\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old\nnew\n");
    }

    #[test]
    fn a_line_that_a_crash_cut_short_is_ended_first() {
        let dir = TempDir::new();
        let path = dir.path().join("audit.jsonl");
        fs::write(&path, "cut sho").unwrap();
        let mut file = AppendFile::create(&path).unwrap();
        file.append(b"one\n").unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "cut sho\none\ntwo\n");
    }

    #[test]
    fn a_file_moved_away_or_removed_is_made_anew() {
        let dir = TempDir::new();
        let (path, moved) = (dir.path().join("audit.jsonl"), dir.path().join("audit.jsonl.1"));
        let mut file = AppendFile::create(&path).unwrap();
        file.append(b"one\n").unwrap();
        fs::rename(&path, &moved).unwrap();
        file.append(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&moved).unwrap(), "one\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "two\n");
        fs::remove_file(&path).unwrap();
        file.append(b"three\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three\n");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = TempDir::new();
        let path = dir.path().join("audit.jsonl");
        AppendFile::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_named_pipe_that_nobody_reads_is_an_error_and_not_a_wait() {
        use std::os::unix::fs::OpenOptionsExt;
        let dir = TempDir::new();
        let path = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        AppendFile::create(&path).unwrap_err();

        let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let mut reader = OpenOptions::new().read(true).custom_flags(nonblocking).open(&path).unwrap();
        let mut pipe = AppendFile::create(&path).unwrap();
        pipe.append(b"line\n").unwrap();
        let mut read = [0; 5];
        reader.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"line\n");
        let full = std::iter::repeat_with(|| pipe.append(&[b'x'; 4096])).take(1000).find_map(Result::err);
        assert_eq!(full.unwrap().kind(), io::ErrorKind::WouldBlock);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let mut full = AppendFile::create(Path::new("/dev/full")).unwrap();
        assert_eq!(full.append(b"line\n").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
