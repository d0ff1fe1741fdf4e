//! An answer as replicas give it to each other.

use std::io::{Read, Write};
use std::time::Duration;

use bytes::Bytes;
use coordination::Mark;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use session_provider::Timestamp;

use crate::changes::Subject;
use crate::telemetry::metrics as names;

/// The version of the format, and whether the rest is compressed. What begins otherwise is not ours.
const PLAIN: u8 = 0x10;
const DEFLATED: u8 = 0x11;

/// Smaller ones are not compressed.
const SMALL: usize = 1024;

/// A larger one is not shared, compressed.
const MAX_BYTES: usize = 4 << 20;

/// A larger one is not read, decompressed.
const MAX_READ: u64 = 256 << 20;

/// Larger ones are read beside the workers that answer from memory.
const LARGE: usize = 64 << 10;

/// What a provider has given, and what it takes to make an answer of it as if it had been given here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SharedAnswer<G> {
    /// The HTTP exchanges that it took.
    pub(crate) exchanges: u32,
    /// When the provider answered, by the clock of the replica that asked.
    pub(crate) fetched_at: Timestamp,
    /// Its freshness ends so long after the provider answered, or by its lifetime if that is sooner.
    pub(crate) fresh_for: Option<Duration>,
    /// The HTTP status of "nothing is live here".
    pub(crate) status: Option<u16>,
    /// `None`: nothing is live here. In a list of one, since what is given may itself be nothing.
    pub(crate) given: Option<(G,)>,
}

impl<G: Serialize + DeserializeOwned + Send + 'static> SharedAnswer<G> {
    /// As bytes; `None` if it is too large to be shared, which is counted.
    pub(crate) fn encode(&self) -> Option<Bytes> {
        let packed = packed(self);
        if packed.is_none() {
            metrics::counter!(names::CLUSTER_UNSHARED).increment(1);
        }
        packed
    }

    /// `None` for what is not ours, or of another version.
    pub(crate) async fn decode(bytes: Bytes) -> Option<Self> {
        unpacked(bytes).await
    }
}

/// What replicas give to each other, as bytes; `None` if it is too large.
pub(crate) fn packed(value: &impl Serialize) -> Option<Bytes> {
    let mut bytes = vec![PLAIN];
    serde_json::to_writer(&mut bytes, value).ok()?;
    if bytes.len() > SMALL {
        bytes = deflated(bytes.get(1..).unwrap_or_default())?;
    }
    (bytes.len() <= MAX_BYTES).then(|| bytes.into())
}

/// The same read again; `None` for what is not ours, or of another version.
pub(crate) async fn unpacked<T: DeserializeOwned + Send + 'static>(bytes: Bytes) -> Option<T> {
    // What is compressed may be any size.
    if bytes.first() == Some(&PLAIN) && bytes.len() <= LARGE {
        return decoded(&bytes);
    }
    tokio::task::spawn_blocking(move || decoded(&bytes)).await.ok().flatten()
}

fn deflated(json: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(vec![DEFLATED], Compression::fast());
    encoder.write_all(json).ok()?;
    encoder.finish().ok()
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match bytes.split_first()? {
        (&PLAIN, json) => serde_json::from_slice(json).ok(),
        (&DEFLATED, deflated) => {
            let mut json = Vec::new();
            DeflateDecoder::new(deflated).take(MAX_READ).read_to_end(&mut json).ok()?;
            serde_json::from_slice(&json).ok()
        }
        _ => None,
    }
}

/// What an answer is about, as marks.
pub(crate) fn marks(subject: &Subject<'_>) -> Vec<Mark> {
    let mut marks = vec![Mark::everything()];
    match subject {
        Subject::Provider => marks.push(Mark::account()),
        Subject::AnyRoom => marks.extend([Mark::account(), Mark::any_room()]),
        Subject::Session(session) => marks.extend([Mark::account(), Mark::session(session.as_str())]),
        Subject::Rooms { rooms, session } => {
            marks.extend(rooms.iter().map(|room| Mark::room(room)));
            marks.extend(session.map(|session| Mark::session(session.as_str())));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use session_provider::{RoomId, Session, SessionId, SessionList, SessionStatus};

    use super::*;

    fn answer(sessions: usize) -> SharedAnswer<SessionList> {
        let session = |n| Session::of_room(RoomId::new(&format!("r{n}")).unwrap(), SessionStatus::Live);
        SharedAnswer {
            exchanges: 3,
            fetched_at: Timestamp::from_unix_ms(1_773_482_400_147).unwrap(),
            fresh_for: Some(Duration::from_millis(1500)),
            status: None,
            given: Some((SessionList { sessions: (0..sessions).map(session).collect(), dropped: 1, settled: false },)),
        }
    }

    #[tokio::test]
    async fn it_is_read_as_it_was_small_or_large() {
        for sessions in [0, 1, 5000] {
            let one = answer(sessions);
            let bytes = one.encode().unwrap();
            assert!(bytes.len() < 1000 + sessions * 100);
            assert_eq!(SharedAnswer::decode(bytes).await, Some(one));
        }
    }

    #[tokio::test]
    async fn that_nothing_was_given_and_that_nothing_is_live_are_two_answers() {
        for given in [None, Some((None,)), Some((Some(SessionId::new("s").unwrap()),))] {
            let SharedAnswer { exchanges, fetched_at, fresh_for, status, .. } = answer(0);
            let one: SharedAnswer<Option<SessionId>> = SharedAnswer { exchanges, fetched_at, fresh_for, status, given };
            assert_eq!(SharedAnswer::decode(one.encode().unwrap()).await, Some(one));
        }
    }

    #[tokio::test]
    async fn what_does_not_read_as_ours_is_nothing() {
        let good = answer(100).encode().unwrap();
        for bad in [&b""[..], b"\x10", b"\x10{}", b"\x11", b"\x11abc", b"{}", b"\x12{}", &good[..good.len() / 2]] {
            assert_eq!(SharedAnswer::<SessionList>::decode(Bytes::copy_from_slice(bad)).await, None, "{bad:?}");
        }
    }
}
