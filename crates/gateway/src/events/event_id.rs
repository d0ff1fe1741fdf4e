//! The `id` of an event: where its reader stands in every log that the stream follows.

use std::fmt::Write;

use crate::digest::Digester;
use crate::events::place::Place;

/// The longest id that is looked at, in bytes.
const MAX_BYTES: usize = 8192;

/// What all ids of a stream have in common: the logs that they count. An id tells nobody anything, and gives no right to
/// anything.
#[derive(Debug, Clone)]
pub(super) struct EventIds {
    prefix: String,
    logs: usize,
}

impl EventIds {
    /// Of a stream that follows the logs of these names, in this order: the same on every replica.
    pub(super) fn new<'a>(logs: impl Iterator<Item = &'a str>) -> Self {
        let mut digester = Digester::new();
        let logs = logs.map(|name| digester.add(name.as_bytes())).count();
        let mut prefix = digester.finish().to_hex();
        prefix.truncate(16);
        Self { prefix, logs }
    }

    /// The id of one who stands at these places; `None` where nothing was read yet.
    pub(super) fn id(&self, places: impl Iterator<Item = Option<Place>>) -> String {
        let mut id = self.prefix.clone();
        for place in places {
            // Writing to a text cannot fail.
            let _ = match place {
                Some(Place { epoch, number }) => write!(id, ".{epoch:x}-{number}"),
                None => write!(id, "."),
            };
        }
        id
    }

    /// The places that an id names, or none at all if it is not of such a stream.
    pub(super) fn places(&self, id: Option<&str>) -> Vec<Option<Place>> {
        let known = id.filter(|id| id.len() <= MAX_BYTES).and_then(|id| {
            let places = id.strip_prefix(self.prefix.as_str())?;
            let places: Vec<_> = places.split('.').skip(1).map(place).collect();
            (places.len() == self.logs).then_some(places)
        });
        known.unwrap_or_else(|| vec![None; self.logs])
    }
}

fn place(text: &str) -> Option<Place> {
    let (epoch, number) = text.split_once('-')?;
    Some(Place { epoch: u64::from_str_radix(epoch, 16).ok()?, number: number.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(providers: &[&str]) -> EventIds {
        EventIds::new(providers.iter().copied())
    }

    #[test]
    fn an_id_is_read_by_streams_of_the_same_providers_alone() {
        let ours = ids(&["a", "b"]);
        let places = vec![Some(Place { epoch: u64::MAX, number: 17 }), None];
        let id = ours.id(places.iter().copied());
        assert_eq!(ours.places(Some(&id)), places);
        assert_eq!(ids(&["a", "b"]).places(Some(&id)), places, "wherever they are");
        for other in [ids(&["a"]), ids(&["a", "b", "c"]), ids(&["b", "a"])] {
            assert!(other.places(Some(&id)).iter().all(Option::is_none));
        }
        for rubbish in ["", ".", "17", &format!("{id}.1"), &"x".repeat(9999)] {
            assert_eq!(ours.places(Some(rubbish)), [None, None], "{rubbish}");
        }
        let half = format!("{}.17.-3", ours.id(std::iter::empty()));
        assert_eq!(ours.places(Some(&half)), [None, None]);
        assert_eq!(ours.places(None), [None, None]);
        let none = ids(&[]);
        assert_eq!(none.places(Some(&none.id(std::iter::empty()))), []);
    }
}
