//! The participants of one session: sorted and rendered once.

use session_provider::{Participant, ParticipantList, Timestamp};

use crate::digest::Digest;
use crate::model;
use crate::reads::cache::Answer;
use crate::reads::render::{Fragments, write_json};
use crate::reads::slices::Slices;

/// The rows of one participants answer in the order of the API: who joined first comes first.
#[derive(Debug)]
pub(crate) struct ParticipantRows {
    places: Vec<ParticipantPlace>,
    rows: Fragments,
    digest: Digest,
    reported_count: Option<u64>,
}

/// A row's place: who joined first comes first, unknown last, then by connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ParticipantPlace {
    unknown: bool,
    joined_at: Option<Timestamp>,
    connection_id: String,
}

impl ParticipantPlace {
    /// The place of a connection made at that time.
    pub(crate) fn new(joined_at: Option<Timestamp>, connection_id: &str) -> Self {
        Self { unknown: joined_at.is_none(), joined_at, connection_id: connection_id.to_owned() }
    }

    /// When the connection was made.
    pub(crate) fn joined_at(&self) -> Option<Timestamp> {
        self.joined_at
    }

    pub(crate) fn connection_id(&self) -> &str {
        &self.connection_id
    }
}

fn order(row: &Participant) -> (bool, Option<Timestamp>, &str) {
    (row.joined_at.is_none(), row.joined_at, row.connection_id.as_str())
}

impl ParticipantRows {
    pub(crate) async fn new(list: ParticipantList) -> Self {
        let mut people = list.participants;
        people.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
        // The same connection given twice is one: two rows of one place could not be told apart at the end of a page.
        people.dedup_by(|a, b| order(a) == order(b));
        let mut rows = Fragments::with_capacity(people.len(), 0);
        let mut slices = Slices::default();
        for row in &people {
            rows.push(|text| write_json(&model::ParticipantJson::from(row), text));
            slices.row().await;
        }
        let digest = Digest::of(rows.run(0..people.len()));
        let places =
            people.iter().map(|row| ParticipantPlace::new(row.joined_at, row.connection_id.as_str())).collect();
        Self { places, rows, digest, reported_count: list.reported_count }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The place of a row.
    pub(crate) fn place(&self, row: usize) -> Option<&ParticipantPlace> {
        self.places.get(row)
    }

    /// The first row after a place.
    pub(crate) fn first_after(&self, place: &ParticipantPlace) -> usize {
        self.places.partition_point(|row| row <= place)
    }

    /// The JSON of a range of rows, commas between them.
    pub(crate) fn run(&self, rows: std::ops::Range<usize>) -> &[u8] {
        self.rows.run(rows)
    }

    /// The hash of all rows.
    pub(crate) fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The provider's own figure.
    pub(crate) fn reported_count(&self) -> Option<u64> {
        self.reported_count
    }
}

impl Answer for ParticipantRows {
    fn weight(&self) -> usize {
        let places: usize =
            self.places.iter().map(|place| size_of::<ParticipantPlace>() + place.connection_id.capacity()).sum();
        places + self.rows.weight()
    }
}
