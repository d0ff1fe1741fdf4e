//! Long work in slices.

/// Rows of a slice: some 50 µs of work.
const ROWS: u32 = 64;

/// Lets whatever else waits for this worker run after every so many rows: whoever worked through ten thousand in one go
/// would hold up every answer from memory for as long.
#[derive(Debug, Default)]
pub(crate) struct Slices {
    rows: u32,
}

impl Slices {
    /// To be awaited after each row.
    pub(crate) async fn row(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS) {
            tokio::task::yield_now().await;
        }
    }
}
