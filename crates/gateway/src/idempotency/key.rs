//! `Idempotency-Key` and what it is unique within.

use http::HeaderMap;
use session_provider::{Operation, ProviderId, RoomId};

use crate::problem::Problem;

/// A caller's name for one mutation: 1 to 128 characters of `[A-Za-z0-9._-]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const HEADER: &str = "Idempotency-Key";

    /// The key that the request carries, if it carries one.
    ///
    /// # Errors
    /// A 400 for an ill-formed or repeated header.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, Box<Problem>> {
        let mut values = headers.get_all(Self::HEADER).iter();
        let Some(first) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Box::new(Problem::invalid(Self::HEADER, "is given twice")));
        }
        let fits = |text: &&str| {
            (1..=128).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        };
        match first.to_str().ok().filter(fits) {
            Some(text) => Ok(Some(Self(text.to_owned()))),
            None => {
                let rule = "must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'";
                Err(Box::new(Problem::invalid(Self::HEADER, rule)))
            }
        }
    }
}

/// Two requests with the same key are repeats of each other only within one caller and one route with its ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyScope {
    pub issuer: String,
    pub subject: String,
    pub operation: Operation,
    pub provider: ProviderId,
    pub room: RoomId,
    pub key: IdempotencyKey,
}

impl KeyScope {
    /// Roughly the memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + [&self.issuer, &self.subject, &self.key.0].map(String::len).iter().sum::<usize>()
            + self.provider.as_str().len()
            + self.room.as_str().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_well_formed_and_alone_or_it_is_refused() {
        let read = |values: &[&str]| {
            let headers = values.iter().map(|v| ("idempotency-key".parse().unwrap(), v.parse().unwrap())).collect();
            IdempotencyKey::read(&headers).map(|key| key.is_some()).map_err(|problem| problem.errors[0].field.clone())
        };
        assert_eq!(read(&[]), Ok(false));
        assert_eq!(read(&["a.B_9-"]), Ok(true));
        assert_eq!(read(&[&"k".repeat(128)]), Ok(true));
        for bad in [&[""][..], &["a b"], &["\"a\""], &["a/b"], &[&"k".repeat(129)], &["a", "a"]] {
            assert_eq!(read(bad), Err("Idempotency-Key".to_owned()), "{bad:?}");
        }
    }
}
