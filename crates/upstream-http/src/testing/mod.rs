//! What the tests of several files need: exchanges, a scripted inner service, a scripted server.

mod inner;
mod server;

use std::io::Write;
use std::time::Duration;

use session_provider::{CallContext, Operation, Payer, RequestId};
use tokio::time::Instant;

use crate::exchange::Exchange;
use crate::{Request, Segment};

pub(crate) use inner::Inner;
pub(crate) use server::{Act, Server};

/// A read with a minute to go.
pub(crate) fn read() -> Exchange {
    read_within(Duration::from_secs(60))
}

/// A read with that long to go.
pub(crate) fn read_within(time: Duration) -> Exchange {
    let call = CallContext::read(RequestId::generate(), Instant::now() + time);
    Exchange::new(call, Request::get(Operation::GetLiveSession, Vec::new()))
}

/// A read charged to that payer.
pub(crate) fn read_paid_by(payer: u64) -> Exchange {
    let exchange = read();
    Exchange { call: exchange.call.clone().paid_by(Payer(payer)), ..exchange }
}

/// A mutation with a minute to go.
pub(crate) fn mutation() -> Exchange {
    let call = CallContext::mutation(RequestId::generate(), Instant::now() + Duration::from_secs(60));
    Exchange::new(call, Request::post(Operation::KickAllParticipants, Vec::new()))
}

/// A path of these segments.
pub(crate) fn path(segments: &[&str]) -> Vec<Segment> {
    segments.iter().map(|text| Segment::new(text).unwrap()).collect()
}

/// The text as one member of gzip.
pub(crate) fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// The text in brotli.
pub(crate) fn brotli(text: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    encoder.write_all(text).unwrap();
    encoder.into_inner()
}
