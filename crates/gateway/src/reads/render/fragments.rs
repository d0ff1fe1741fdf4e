//! Rows rendered once, so that a page is put together by copying.

use std::ops::Range;

/// The JSON of many rows, separated by commas: any run of rows is one slice.
#[derive(Debug, Default)]
pub(crate) struct Fragments {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fragments {
    /// None yet, with room for so many rows of so many bytes in all.
    pub(crate) fn with_capacity(rows: usize, bytes: usize) -> Self {
        Self { text: Vec::with_capacity(bytes), ends: Vec::with_capacity(rows) }
    }

    /// Adds the row that `write` appends to the text, and answers its JSON.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        if !self.ends.is_empty() {
            self.text.push(b',');
        }
        let start = self.text.len();
        write(&mut self.text);
        self.ends.push(self.text.len());
        self.text.get(start..).unwrap_or_default()
    }

    /// The rows of a range with commas between them; empty where there are none.
    pub(crate) fn run(&self, rows: Range<usize>) -> &[u8] {
        let start = rows.start.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        let end = rows.end.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0);
        if rows.is_empty() { &[] } else { self.text.get(start..end).unwrap_or_default() }
    }

    pub(crate) fn weight(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::reads::render::write_json;

    impl Fragments {
        fn render<T: Serialize>(rows: impl Iterator<Item = T>) -> Self {
            let mut fragments = Self::default();
            for row in rows {
                fragments.push(|text| write_json(&row, text));
            }
            fragments
        }
    }

    #[test]
    fn a_run_is_its_rows_and_their_commas() {
        let rows = Fragments::render(["a", "bb", "c"].iter());
        assert_eq!(rows.run(0..3), br#""a","bb","c""#);
        assert_eq!(rows.run(1..2), br#""bb""#);
        assert_eq!(rows.run(1..3), br#""bb","c""#);
        assert_eq!(rows.run(2..2), b"");
        assert_eq!(Fragments::render(std::iter::empty::<u8>()).run(0..0), b"");
    }
}
