//! Rows rendered once, so that a page is put together by copying.

use std::ops::Range;

use serde::Serialize;

use crate::reads::render::json::write_json;

/// The JSON of many rows, separated by commas: any run of rows is one slice.
#[derive(Debug)]
pub(crate) struct Fragments {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fragments {
    pub(crate) fn render<T: Serialize>(rows: impl Iterator<Item = T>) -> Self {
        let (mut text, mut ends) = (Vec::new(), Vec::with_capacity(rows.size_hint().0));
        for row in rows {
            if !ends.is_empty() {
                text.push(b',');
            }
            write_json(&row, &mut text);
            ends.push(text.len());
        }
        text.shrink_to_fit();
        Self { text, ends }
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
    use super::*;

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
