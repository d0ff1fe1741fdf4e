//! A body in memory that never grows beyond its cap.

use std::io::{Error, ErrorKind, Result, Write};

/// Up to here a body grows step by step; most end below it.
const SMALL: usize = 256 * 1024;

/// What was written so far, at most `cap` bytes. A write beyond them fails with [`ErrorKind::FileTooLarge`].
#[derive(Debug)]
pub(crate) struct CappedBody {
    bytes: Vec<u8>,
    cap: usize,
}

impl CappedBody {
    pub(crate) fn new(cap: usize) -> Self {
        Self { bytes: Vec::new(), cap }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Grows by what came, not by what was declared, and never beyond `cap`. A body that is not small gets all of its
    /// room at once: memory that is not written to costs nothing, while doubling would leave as much behind, copied, as
    /// the body has in the end.
    fn grow(&mut self, wanted: usize) {
        let doubled = wanted.max(self.bytes.capacity().saturating_mul(2));
        let capacity = if doubled <= SMALL { doubled.min(self.cap) } else { self.cap };
        self.bytes.reserve_exact(capacity - self.bytes.len());
    }
}

impl Write for CappedBody {
    fn write(&mut self, chunk: &[u8]) -> Result<usize> {
        let wanted = self.bytes.len().saturating_add(chunk.len());
        if wanted > self.cap {
            return Err(Error::from(ErrorKind::FileTooLarge));
        }
        if wanted > self.bytes.capacity() {
            self.grow(wanted);
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_takes_no_more_memory_than_the_cap() {
        for cap in [1000, 4 * SMALL] {
            let (mut body, mut moved) = (CappedBody::new(cap), 0);
            for _ in 0..cap / 10 {
                let before = body.bytes.capacity();
                body.write_all(b"0123456789").unwrap();
                let after = body.bytes.capacity();
                assert!(after <= cap, "{after}");
                moved += usize::from(before > SMALL && after != before);
            }
            assert_eq!((body.bytes.len(), moved), (cap / 10 * 10, 0));
            assert_eq!(body.write_all(&[0; 10]).unwrap_err().kind(), ErrorKind::FileTooLarge);
        }
    }
}
