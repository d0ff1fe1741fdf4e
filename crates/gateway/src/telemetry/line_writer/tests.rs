use std::sync::mpsc;

use metrics_exporter_prometheus::PrometheusBuilder;

use super::*;

const LONG: Duration = Duration::from_secs(60);

/// A sink that takes a write only when the test lets it, and fails when the test says so.
struct Gate {
    go: mpsc::Receiver<io::Result<()>>,
    written: Written,
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.go.recv().map_err(io::Error::other)??;
        self.written.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Go = mpsc::Sender<io::Result<()>>;
type Written = Arc<Mutex<Vec<u8>>>;

fn gated() -> (LineWriter, Go, Written) {
    let (go, wait) = mpsc::channel();
    let written = Written::default();
    (LineWriter::new(Gate { go: wait, written: Arc::clone(&written) }), go, written)
}

fn text(written: &Mutex<Vec<u8>>) -> String {
    String::from_utf8(written.lock().unwrap().clone()).unwrap()
}

#[test]
fn while_nobody_reads_lines_are_kept_up_to_a_bound_then_dropped_and_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (writer, go, written) = gated();
    writer.line(b"first\n");
    // Until the thread holds the first line: the bound is of what waits beside it.
    while !writer.0.lock().lines.is_empty() {
        std::thread::yield_now();
    }
    let line = vec![b'x'; 1024];
    for _ in 0..2 * MAX_WAITING / line.len() {
        writer.line(&line);
    }
    assert!(writer.0.lock().lines.len() <= MAX_WAITING);
    let shown = recorder.handle().render();
    let dropped = shown.lines().find_map(|line| line.strip_prefix("rollcall_log_lines_dropped_total ")).unwrap();
    assert!(dropped == "4096", "{dropped}");
    (0..2).for_each(|_| go.send(Ok(())).unwrap());
    writer.flush(LONG);
    assert!(text(&written).starts_with("first\nxxx"));
    assert!(written.lock().unwrap().len() > MAX_WAITING - 1024);
}

#[test]
fn a_confirmed_line_comes_after_what_was_queued_and_its_failure_is_told() {
    let (writer, go, written) = gated();
    writer.line(b"log\n");
    go.send(Ok(())).unwrap();
    writer.flush(LONG);
    for result in [Ok(()), Err(io::ErrorKind::StorageFull.into()), Ok(()), Ok(())] {
        go.send(result).unwrap();
    }
    writer.write_through(b"one\n").unwrap();
    assert_eq!(writer.write_through(b"two\n").unwrap_err().kind(), io::ErrorKind::StorageFull);
    writer.write_through(b"three\n").unwrap();
    assert_eq!(text(&written), "log\none\n\nthree\n", "after a torn line the next one begins anew");
}

#[test]
fn the_end_waits_for_what_is_queued_and_no_longer_than_told() {
    let (writer, go, written) = gated();
    writer.line(b"stuck\n");
    writer.flush(Duration::from_millis(1));
    assert_eq!(text(&written), "");
    go.send(Ok(())).unwrap();
    writer.flush(LONG);
    assert_eq!(text(&written), "stuck\n");
}
