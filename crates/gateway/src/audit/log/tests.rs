use std::fs;
use std::path::Path;
use std::sync::mpsc;

use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::Value;
use session_provider::{ErrorKind, Timestamp};

use super::*;
use crate::audit::testing::{TempDir, record};

fn clock() -> Clock {
    Clock::anchored(Timestamp::parse_rfc3339("2026-11-20T10:00:00Z").unwrap())
}

fn open(path: &Path) -> Result<AuditLog, AuditSetupError> {
    AuditLog::open(&AuditConfig { file: Some(path.to_owned()) }, clock())
}

/// Phase and request id of each line; fails on anything that is not a line of the log.
fn lines(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let read = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        assert_eq!(value["target"], "audit");
        (value["phase"].as_str().unwrap().to_owned(), value["request_id"].as_str().unwrap().to_owned())
    };
    text.lines().map(read).collect()
}

fn expected(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    lines.iter().map(|(phase, id)| ((*phase).to_owned(), (*id).to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_intent_is_in_the_file_before_anything_else_happens() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    log.intent(&record("r1")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("intent", "r1")]));
    log.outcome(&record("r1"), AuditOutcome::Done).await;
    assert_eq!(lines(&path), expected(&[("intent", "r1"), ("outcome", "r1")]));
}

#[tokio::test(start_paused = true)]
async fn a_path_that_cannot_be_appended_to_stops_the_start() {
    let dir = TempDir::new();
    for path in [dir.path().to_owned(), dir.path().join("no such folder/audit.jsonl")] {
        let error = open(&path).unwrap_err().to_string();
        assert!(error.starts_with("audit.file: cannot append to "), "{error}");
        assert!(error.contains(&path.display().to_string()), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_intent_that_cannot_be_written_is_refused_and_leaves_nothing_behind() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(log.intent(&record("r1")).await, Err(AuditUnavailable));
    fs::remove_dir(&path).unwrap();
    log.intent(&record("r2")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("intent", "r2")]));
}

#[tokio::test(start_paused = true)]
async fn after_an_unwritten_outcome_intents_are_refused_until_it_is_written() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    log.intent(&record("r1")).await.unwrap();
    log.intent(&record("r2")).await.unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    log.outcome(&record("r1"), AuditOutcome::Unknown(ErrorKind::ProviderTimeout)).await;
    log.outcome(&record("r2"), AuditOutcome::Done).await;
    assert_eq!(log.intent(&record("r3")).await, Err(AuditUnavailable));
    fs::remove_dir(&path).unwrap();
    log.intent(&record("r4")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("outcome", "r1"), ("outcome", "r2"), ("intent", "r4")]));
}

#[tokio::test(start_paused = true)]
async fn what_is_owed_at_the_end_is_written_then() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    log.finish().await;
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    log.outcome(&record("r1"), AuditOutcome::Done).await;
    log.finish().await;
    fs::remove_dir(&path).unwrap();
    log.finish().await;
    assert_eq!(lines(&path), expected(&[("outcome", "r1")]));
}

#[tokio::test(start_paused = true)]
async fn rotation_while_running_loses_nothing() {
    let dir = TempDir::new();
    let (path, moved) = (dir.path().join("audit.jsonl"), dir.path().join("audit.jsonl.1"));
    let log = open(&path).unwrap();
    log.intent(&record("r1")).await.unwrap();
    fs::rename(&path, &moved).unwrap();
    log.outcome(&record("r1"), AuditOutcome::Done).await;
    assert_eq!(lines(&moved), expected(&[("intent", "r1")]));
    assert_eq!(lines(&path), expected(&[("outcome", "r1")]));
}

#[tokio::test]
async fn concurrent_mutations_never_mix_their_lines() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    let one = |n: usize| {
        let log = log.clone();
        async move {
            let record = record(&format!("r{n}"));
            log.intent(&record).await.unwrap();
            log.outcome(&record, AuditOutcome::Done).await;
        }
    };
    join_all((0..50).map(one)).await;
    let lines = lines(&path);
    assert_eq!(lines.len(), 100);
    for n in 0..50 {
        let phases: Vec<_> =
            lines.iter().filter(|(_, id)| *id == format!("r{n}")).map(|(phase, _)| phase.as_str()).collect();
        assert_eq!(phases, ["intent", "outcome"]);
    }
}

type Written = Arc<StdMutex<Vec<Vec<u8>>>>;

/// A disk that takes a line only when the test lets it.
#[derive(Debug)]
struct SlowDisk {
    go: mpsc::Receiver<()>,
    written: Written,
}

impl Sink for SlowDisk {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.go.recv().map_err(io::Error::other)?;
        self.written.lock().unwrap().push(line.to_vec());
        Ok(())
    }
}

fn slow_disk() -> (AuditLog, mpsc::Sender<()>, Written) {
    let ((go, wait), written) = (mpsc::channel(), Written::default());
    let sink = SlowDisk { go: wait, written: Arc::clone(&written) };
    (AuditLog::with_sink(Box::new(sink), clock()), go, written)
}

#[tokio::test(start_paused = true)]
async fn an_outcome_survives_the_request_that_reported_it() {
    let (log, go, written) = slow_disk();
    assert!(log.outcome(&record("r1"), AuditOutcome::Done).now_or_never().is_none(), "the disk is slow");
    go.send(()).unwrap();
    go.send(()).unwrap();
    log.intent(&record("r2")).await.unwrap();
    assert_eq!(written.lock().unwrap().len(), 2);
    assert!(String::from_utf8_lossy(&written.lock().unwrap()[0]).contains(r#""request_id":"r1""#));
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_hangs_refuses_the_intent_after_two_seconds() {
    let (log, go, _) = slow_disk();
    let record = record("r1");
    let mut intent = Box::pin(log.intent(&record));
    assert!((&mut intent).now_or_never().is_none());
    tokio::time::advance(WRITE_TIMEOUT).await;
    assert_eq!(intent.await, Err(AuditUnavailable));
    drop(go);
}

#[tokio::test(start_paused = true)]
async fn standard_output_takes_lines_too() {
    let log = AuditLog::open(&AuditConfig::default(), clock()).unwrap();
    log.intent(&record("r1")).await.unwrap();
    log.outcome(&record("r1"), AuditOutcome::Refused(ErrorKind::SessionNotLive)).await;
    assert!(lock(&log.owed).is_empty());
}
