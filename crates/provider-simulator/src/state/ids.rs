//! Identifiers in the form each service uses, the same for the same seed.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::state::Service;

const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const PEER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// A seeded source of ids.
#[derive(Debug)]
pub(super) struct Ids(StdRng);

impl Ids {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A version 4 UUID.
    pub(super) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.0.random()).into_uuid().to_string()
    }

    /// `abc-defg-hij` for Huddle01, a UUID for RealtimeKit.
    pub(super) fn room(&mut self, service: Service) -> String {
        match service {
            Service::Huddle01 => [3, 4, 3].map(|n| self.text(LETTERS, n)).join("-"),
            Service::RealtimeKit => self.uuid(),
        }
    }

    /// `peerId-` and 21 characters for Huddle01, a UUID for RealtimeKit.
    pub(super) fn connection(&mut self, service: Service) -> String {
        match service {
            Service::Huddle01 => format!("peerId-{}", self.text(PEER, 21)),
            Service::RealtimeKit => self.uuid(),
        }
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.0.random_range(0..alphabet.len())])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_documented_forms_and_follow_the_seed() {
        let (mut one, mut same, mut other) = (Ids::seeded(7), Ids::seeded(7), Ids::seeded(8));
        let room = one.room(Service::Huddle01);
        assert_eq!(room, same.room(Service::Huddle01));
        assert_ne!(room, other.room(Service::Huddle01));
        assert_eq!(room.split('-').map(str::len).collect::<Vec<_>>(), [3, 4, 3]);
        assert!(room.bytes().all(|b| b == b'-' || b.is_ascii_lowercase()));
        let peer = one.connection(Service::Huddle01);
        assert_eq!((peer.len(), peer.starts_with("peerId-")), (28, true));
        assert_eq!(uuid::Uuid::parse_str(&one.room(Service::RealtimeKit)).unwrap().get_version_num(), 4);
    }
}
