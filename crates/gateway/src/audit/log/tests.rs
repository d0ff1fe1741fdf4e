use std::fs;
use std::path::Path;
use std::sync::{Mutex as StdMutex, mpsc};

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
    let first = log.intent(record("r1")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("intent", "r1")]));
    log.outcome(first, AuditOutcome::Done).await;
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
    assert!(log.intent(record("r1")).await.is_err());
    fs::remove_dir(&path).unwrap();
    let _second = log.intent(record("r2")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("intent", "r2")]));
}

#[tokio::test(start_paused = true)]
async fn after_an_unwritten_outcome_intents_are_refused_until_it_is_written() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    let first = log.intent(record("r1")).await.unwrap();
    let second = log.intent(record("r2")).await.unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    log.outcome(first, AuditOutcome::Unknown(ErrorKind::ProviderTimeout)).await;
    log.outcome(second, AuditOutcome::Done).await;
    assert!(log.intent(record("r3")).await.is_err());
    fs::remove_dir(&path).unwrap();
    let _fourth = log.intent(record("r4")).await.unwrap();
    assert_eq!(lines(&path), expected(&[("outcome", "r1"), ("outcome", "r2"), ("intent", "r4")]));
}

#[tokio::test(start_paused = true)]
async fn what_is_owed_at_the_end_is_written_then() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    log.finish().await;
    let first = log.intent(record("r1")).await.unwrap();
    let under_way = log.intent(record("r2")).await.unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    log.outcome(first, AuditOutcome::Done).await;
    log.finish().await;
    fs::remove_dir(&path).unwrap();
    log.finish().await;
    assert_eq!(lines(&path), expected(&[("outcome", "r1"), ("outcome", "r2")]));
    assert!(fs::read_to_string(&path).unwrap().lines().nth(1).unwrap().contains(r#""outcome":"unknown""#));
    log.outcome(under_way, AuditOutcome::Done).await;
    assert_eq!(lines(&path).len(), 2, "what was said of it at the end stands");
}

#[tokio::test(start_paused = true)]
async fn a_mutation_that_is_dropped_under_way_is_unknown() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    drop(log.intent(record("r1")).await.unwrap());
    let second = log.intent(record("r2")).await.unwrap();
    log.outcome(second, AuditOutcome::Done).await;
    let all = expected(&[("intent", "r1"), ("outcome", "r1"), ("intent", "r2"), ("outcome", "r2")]);
    assert_eq!(lines(&path), all);
}

#[tokio::test(start_paused = true)]
async fn what_is_owed_is_tried_again_without_a_further_mutation() {
    let dir = TempDir::new();
    let path = dir.path().join("audit.jsonl");
    let log = open(&path).unwrap();
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    log.start(&tasks, stop.clone());
    let first = log.intent(record("r1")).await.unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    log.outcome(first, AuditOutcome::Done).await;
    assert_eq!(log.ledger.owed(), 1);
    fs::remove_dir(&path).unwrap();
    while log.ledger.owes() {
        sleep(RETRY_EVERY).await;
    }
    assert_eq!(lines(&path), expected(&[("outcome", "r1")]));
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}

#[tokio::test(start_paused = true)]
async fn rotation_while_running_loses_nothing() {
    let dir = TempDir::new();
    let (path, moved) = (dir.path().join("audit.jsonl"), dir.path().join("audit.jsonl.1"));
    let log = open(&path).unwrap();
    let first = log.intent(record("r1")).await.unwrap();
    fs::rename(&path, &moved).unwrap();
    log.outcome(first, AuditOutcome::Done).await;
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
            let intended = log.intent(record(&format!("r{n}"))).await.unwrap();
            log.outcome(intended, AuditOutcome::Done).await;
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

/// The texts that say how it ended, by request.
fn outcomes(written: &Written) -> Vec<(String, String)> {
    let read = |line: &Vec<u8>| {
        let value: Value = serde_json::from_slice(line).unwrap();
        let text = |name: &str| value[name].as_str().unwrap_or("-").to_owned();
        (text("request_id"), text("outcome"))
    };
    written.lock().unwrap().iter().map(read).collect()
}

#[tokio::test(start_paused = true)]
async fn an_outcome_survives_the_request_that_reported_it() {
    let (log, go, written) = slow_disk();
    go.send(()).unwrap();
    let first = log.intent(record("r1")).await.unwrap();
    assert!(log.outcome(first, AuditOutcome::Done).now_or_never().is_none(), "the disk is slow");
    (0..3).for_each(|_| go.send(()).unwrap());
    let second = log.intent(record("r2")).await.unwrap();
    log.outcome(second, AuditOutcome::Refused(ErrorKind::SessionNotLive)).await;
    let said = [("r1", "-"), ("r1", "done"), ("r2", "-"), ("r2", "refused")];
    assert_eq!(outcomes(&written), said.map(|(id, outcome)| (id.to_owned(), outcome.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_hangs_refuses_the_intent_after_a_second_and_what_it_writes_then_is_completed() {
    let (log, go, written) = slow_disk();
    let mut first = Box::pin(log.intent(record("r1")));
    assert!((&mut first).now_or_never().is_none());
    // The thread is in the middle of the first; the second waits for its turn and is never written.
    let mut second = Box::pin(log.intent(record("r2")));
    assert!((&mut second).now_or_never().is_none());
    tokio::time::advance(WRITE_TIMEOUT).await;
    assert!(first.await.is_err() && second.await.is_err());
    (0..5).for_each(|_| go.send(()).unwrap());
    let third = log.intent(record("r3")).await.unwrap();
    log.outcome(third, AuditOutcome::Done).await;
    let said = outcomes(&written);
    let of = |id: &str| said.iter().filter(|(of, _)| of == id).map(|(_, outcome)| outcome.as_str()).collect::<Vec<_>>();
    assert_eq!((of("r3"), of("r2")), (vec!["-", "done"], vec![]));
    assert!(of("r1").is_empty() || of("r1") == ["-", "refused"], "{said:?}");
}

#[tokio::test(start_paused = true)]
async fn standard_output_takes_lines_too() {
    let log = AuditLog::open(&AuditConfig::default(), clock()).unwrap();
    let first = log.intent(record("r1")).await.unwrap();
    log.outcome(first, AuditOutcome::Refused(ErrorKind::SessionNotLive)).await;
    assert!(!log.ledger.owes());
}
