//! Long work that lets others have its core in between.

use std::thread::yield_now;

/// Rows between two turns: some 100 µs of work.
const ROWS: u32 = 128;

/// Of work on many rows [`beside`](crate::beside) the workers, where nothing else would give the core to a worker that waits
/// for it: the system lets whoever runs go on for milliseconds, and every answer from memory would wait as long.
#[derive(Debug, Default)]
pub struct Turns {
    rows: u32,
}

impl Turns {
    /// To be called after each row. After every so many, whoever waits for this core has it first.
    pub fn row(&mut self) {
        self.rows = self.rows.wrapping_add(1);
        if self.rows.is_multiple_of(ROWS) {
            yield_now();
        }
    }
}
