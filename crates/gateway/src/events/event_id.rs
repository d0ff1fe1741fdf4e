//! The `id` of an event: where its reader stands in every log that the stream follows.

use std::fmt::Write;

use crate::digest::Digester;

/// The longest id that is looked at, in bytes.
const MAX_BYTES: usize = 4096;

/// What all ids of a stream have in common: the process that gave them, and the logs that they count. An id tells nobody
/// anything, and gives no right to anything.
#[derive(Debug, Clone)]
pub(super) struct EventIds {
    prefix: String,
    logs: usize,
}

impl EventIds {
    /// Of a stream that follows the logs of these names, in this order. `epoch` tells one process from another.
    pub(super) fn new<'a>(epoch: u64, logs: impl Iterator<Item = &'a str>) -> Self {
        let mut digester = Digester::new();
        digester.add(&epoch.to_be_bytes());
        let logs = logs.map(|name| digester.add(name.as_bytes())).count();
        let mut prefix = digester.finish().to_hex();
        prefix.truncate(16);
        Self { prefix, logs }
    }

    /// The id of one who stands at these places; `None` where nothing was read yet.
    pub(super) fn id(&self, places: impl Iterator<Item = Option<u64>>) -> String {
        let mut id = self.prefix.clone();
        for place in places {
            // Writing to a text cannot fail.
            let _ = match place {
                Some(place) => write!(id, ".{place}"),
                None => write!(id, "."),
            };
        }
        id
    }

    /// The places that an id names, or none at all if it is not of such a stream.
    pub(super) fn places(&self, id: Option<&str>) -> Vec<Option<u64>> {
        let known = id.filter(|id| id.len() <= MAX_BYTES).and_then(|id| {
            let places = id.strip_prefix(self.prefix.as_str())?;
            let places: Vec<_> = places.split('.').skip(1).map(|place| place.parse().ok()).collect();
            (places.len() == self.logs).then_some(places)
        });
        known.unwrap_or_else(|| vec![None; self.logs])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(epoch: u64, providers: &[&str]) -> EventIds {
        EventIds::new(epoch, providers.iter().copied())
    }

    #[test]
    fn an_id_is_read_by_streams_of_the_same_providers_and_process_alone() {
        let ours = ids(1, &["a", "b"]);
        let places = vec![Some(17), None];
        let id = ours.id(places.iter().copied());
        assert_eq!(ours.places(Some(&id)), places);
        for other in [ids(2, &["a", "b"]), ids(1, &["a"]), ids(1, &["a", "b", "c"]), ids(1, &["b", "a"])] {
            assert!(other.places(Some(&id)).iter().all(Option::is_none));
        }
        for rubbish in ["", ".", "17", &format!("{id}.1"), &"x".repeat(9999)] {
            assert_eq!(ours.places(Some(rubbish)), [None, None], "{rubbish}");
        }
        assert_eq!(ours.places(None), [None, None]);
        let none = ids(1, &[]);
        assert_eq!(none.places(Some(&none.id(std::iter::empty()))), []);
    }
}
