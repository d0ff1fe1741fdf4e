//! What a position in the list is: a page, and which of the rows without a time were given lately.

use session_provider::{SessionId, UpstreamPosition};

/// The most rows that are remembered.
const MOST: usize = 32;

/// The rows without a time that were given last. When its neighbours vanish, such a row moves past the place where a walk
/// is, and only this tells that it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks(Vec<u32>);

impl Marks {
    /// The page and the marks of a position.
    pub(super) fn read(position: &UpstreamPosition) -> (u32, Self) {
        match position.numbers() {
            [] => (1, Self::default()),
            [page_no, marks @ ..] => (*page_no, Self(marks.to_vec())),
        }
    }

    /// The position with this page.
    pub(super) fn position(&self, page_no: u32) -> UpstreamPosition {
        UpstreamPosition::new(std::iter::once(page_no).chain(self.0.iter().copied()).collect())
    }

    pub(super) fn have(&self, id: &SessionId) -> bool {
        self.0.contains(&fingerprint(id))
    }

    /// Remembers a row, and forgets the one that was given first if there are too many.
    pub(super) fn add(&mut self, id: &SessionId) {
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push(fingerprint(id));
    }
}

/// 32-bit FNV-1a: the same in every process, since it travels in cursors.
fn fingerprint(id: &SessionId) -> u32 {
    id.as_str().bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_remembered_over_a_position() {
        let id = |n: usize| SessionId::new(&format!("s{n}")).unwrap();
        let mut marks = Marks::default();
        (0..=MOST).for_each(|n| marks.add(&id(n)));
        let (page_no, read) = Marks::read(&marks.position(7));
        assert_eq!((page_no, &read), (7, &marks));
        assert!(!read.have(&id(0)) && (1..=MOST).all(|n| read.have(&id(n))));
        assert_eq!(Marks::read(&UpstreamPosition::default()), (1, Marks::default()));
    }

    #[test]
    fn a_fingerprint_is_the_same_for_ever() {
        assert_eq!(fingerprint(&SessionId::new("foobar").unwrap()), 0xbf9c_f968);
    }
}
