//! Arrays, one element at a time.

use std::fmt;
use std::ops::ControlFlow;

use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Why an array was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is not an array.
    NotAnArray,
    /// The reader had enough.
    Stopped,
}

/// Hands every element to `each`, holding no more than one at a time: an array of a million elements costs no memory.
///
/// # Errors
/// [`Unread::Stopped`] when `each` broke off; [`Unread::NotAnArray`] for any other value, of which `each` sees nothing.
pub fn elements<'a>(array: &'a RawValue, each: impl FnMut(&'a RawValue) -> ControlFlow<()>) -> Result<(), Unread> {
    let mut stopped = false;
    let read =
        serde_json::Deserializer::from_str(array.get()).deserialize_seq(Elements { each, stopped: &mut stopped });
    match read {
        Ok(()) => Ok(()),
        Err(_) if stopped => Err(Unread::Stopped),
        Err(_) => Err(Unread::NotAnArray),
    }
}

struct Elements<'s, F> {
    each: F,
    stopped: &'s mut bool,
}

impl<'de, F: FnMut(&'de RawValue) -> ControlFlow<()>> Visitor<'de> for Elements<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element()? {
            if (self.each)(element).is_break() {
                *self.stopped = true;
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_in_order_until_the_reader_has_enough() {
        let array: &RawValue = serde_json::from_str("[1, {\"a\":[2]} ,null]").unwrap();
        let mut seen = Vec::new();
        let mut take = |most: usize| {
            seen.clear();
            let outcome = elements(array, |element| {
                seen.push(element.get().to_owned());
                if seen.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            (outcome, seen.clone())
        };
        assert_eq!(take(9), (Ok(()), vec!["1".into(), "{\"a\":[2]}".into(), "null".into()]));
        assert_eq!(take(1), (Err(Unread::Stopped), vec!["1".into()]));
    }

    #[test]
    fn anything_else_is_not_an_array() {
        for json in ["{}", "null", "\"[]\"", "3"] {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            assert_eq!(elements(raw, |_| ControlFlow::Continue(())), Err(Unread::NotAnArray), "{json}");
        }
    }
}
