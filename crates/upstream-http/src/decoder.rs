//! Undoes a content coding while the body comes in, under the cap of what comes out.
//!
//! The HTTP client could do this, too, but knows `gzip` in small letters alone and reads only the first member of a body
//! of several.

use std::io::{ErrorKind, Result, Write};

use brotli_decompressor::DecompressorWriter;
use bytes::Bytes;
use flate2::write::MultiGzDecoder;

use crate::capped_body::CappedBody;
use crate::classify::TransportFailure;
use crate::content_coding::ContentCoding;

/// What the decoder of brotli hands on at once.
const STEP: usize = 16 * 1024;

/// A body on its way through its decoder.
pub(crate) enum Decoder {
    Identity(CappedBody),
    Gzip(Box<MultiGzDecoder<CappedBody>>),
    Brotli(Box<DecompressorWriter<CappedBody>>),
}

impl Decoder {
    /// For a body of at most `cap` bytes after decoding.
    pub(crate) fn new(coding: ContentCoding, cap: usize) -> Self {
        let body = CappedBody::new(cap);
        match coding {
            ContentCoding::Identity => Self::Identity(body),
            ContentCoding::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(body))),
            ContentCoding::Brotli => Self::Brotli(Box::new(DecompressorWriter::new(body, STEP))),
        }
    }

    /// Takes in the next bytes as they came.
    pub(crate) fn write(&mut self, chunk: &[u8]) -> std::result::Result<(), TransportFailure> {
        let written: Result<()> = match self {
            Self::Identity(body) => body.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Brotli(decoder) => decoder.write_all(chunk),
        };
        written.map_err(|error| failure(error.kind()))
    }

    /// The whole body. Fails for one that ends before its coding does.
    pub(crate) fn finish(self) -> std::result::Result<Bytes, TransportFailure> {
        let body = match self {
            Self::Identity(body) => body,
            Self::Gzip(decoder) => decoder.finish().map_err(|error| failure(error.kind()))?,
            Self::Brotli(mut decoder) => {
                decoder.close().map_err(|error| failure(error.kind()))?;
                decoder.into_inner().map_err(|_| TransportFailure::Undecodable)?
            }
        };
        Ok(Bytes::from(body.into_bytes()))
    }
}

fn failure(kind: ErrorKind) -> TransportFailure {
    match kind {
        ErrorKind::FileTooLarge => TransportFailure::TooLarge,
        _ => TransportFailure::Undecodable,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{brotli, gzipped};

    fn decoded(coding: ContentCoding, cap: usize, chunks: &[&[u8]]) -> std::result::Result<Bytes, TransportFailure> {
        let mut decoder = Decoder::new(coding, cap);
        chunks.iter().try_for_each(|chunk| decoder.write(chunk))?;
        decoder.finish()
    }

    #[test]
    fn a_bomb_is_cut_at_the_cap_and_half_a_body_is_none() {
        let text = vec![b'x'; 100_000];
        for (coding, body) in [
            (ContentCoding::Identity, text.clone()),
            (ContentCoding::Gzip, gzipped(&text)),
            (ContentCoding::Brotli, brotli(&text)),
        ] {
            assert_eq!(decoded(coding, text.len(), &[&body]).unwrap(), text);
            assert_eq!(decoded(coding, text.len() - 1, &[&body]), Err(TransportFailure::TooLarge), "{coding:?}");
            if coding != ContentCoding::Identity {
                let half = &body[..body.len() / 2];
                assert_eq!(decoded(coding, text.len(), &[half]), Err(TransportFailure::Undecodable), "{coding:?}");
                let plain: &[u8] = b"{\"plain\": true}";
                assert_eq!(decoded(coding, text.len(), &[plain]), Err(TransportFailure::Undecodable), "{coding:?}");
            }
        }
    }

    #[test]
    fn a_gzip_body_of_several_members_is_read_to_its_end() {
        let several = [gzipped(b"{\"a\":"), gzipped(b""), gzipped(b"1}")].concat();
        for cut in 0..several.len() {
            let (one, other) = several.split_at(cut);
            assert_eq!(decoded(ContentCoding::Gzip, 7, &[one, other]).unwrap(), &b"{\"a\":1}"[..], "{cut}");
        }
        assert_eq!(decoded(ContentCoding::Gzip, 6, &[&several]), Err(TransportFailure::TooLarge));
        let mut broken = several.clone();
        let checksum = broken.len() - 6;
        broken[checksum] ^= 1;
        assert_eq!(decoded(ContentCoding::Gzip, 7, &[&broken]), Err(TransportFailure::Undecodable));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_exceed_the_cap(
            body in proptest::collection::vec(any::<u8>(), 0..300),
            flipped in 0_usize..200,
            chunk in 1_usize..50,
        ) {
            for (coding, mut coded) in [(ContentCoding::Gzip, gzipped(&body)), (ContentCoding::Brotli, brotli(&body))] {
                let chunks: Vec<_> = coded.chunks(chunk).collect();
                prop_assert_eq!(decoded(coding, 300, &chunks).unwrap(), &body[..]);
                if let Some(byte) = coded.get_mut(flipped) {
                    *byte ^= 0x41;
                }
                let chunks: Vec<_> = coded.chunks(chunk).collect();
                if let Ok(body) = decoded(coding, 300, &chunks) {
                    prop_assert!(body.len() <= 300);
                }
                if let Ok(body) = decoded(coding, 300, &[&body]) {
                    prop_assert!(body.len() <= 300);
                }
            }
        }
    }
}
