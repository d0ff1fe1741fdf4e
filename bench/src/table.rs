//! The results as markdown.

use std::fmt::Write;
use std::time::Duration;

use crate::contest::Score;

pub(crate) const HEAD: &str = "| case | server | CPU µs/answer | ratio | answers/s | p50 | p99 | failed |\n\
                               |---|---|---|---|---|---|---|---|\n";

/// One line for each contestant.
pub(crate) fn lines(case: &str, scores: &[Score]) -> String {
    let mut text = String::new();
    for score in scores {
        let Score { name, micros, ratio, per_second, p50, p99, failed } = score;
        let (p50, p99) = (time(*p50), time(*p99));
        let _ = writeln!(
            text,
            "| {case} | {name} | {micros:.2} | {ratio:.2} | {per_second:.0} | {p50} | {p99} | {failed} |"
        );
    }
    text
}

fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 1e-3 => format!("{:.2} ms", seconds * 1e3),
        seconds => format!("{:.0} µs", seconds * 1e6),
    }
}
