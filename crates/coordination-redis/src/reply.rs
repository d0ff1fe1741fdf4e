//! What a script answers: a row of texts, and lists of them.

use std::str::FromStr;
use std::time::Duration;

use coordination::{Entry, ReplicaId};
use redis::Value;

/// What is left of a reply. Every reading is `None` for what no script of ours answers.
#[derive(Debug)]
pub(crate) struct Reply(std::vec::IntoIter<Value>);

impl Reply {
    /// `None` if it is not the reply to that call.
    pub(crate) fn of_call(value: Value, call: u64) -> Option<Self> {
        let Value::Array(values) = value else { return None };
        let mut reply = Self(values.into_iter());
        (reply.number::<u64>()? == call).then_some(reply)
    }

    pub(crate) fn bytes(&mut self) -> Option<Vec<u8>> {
        match self.0.next()? {
            Value::BulkString(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn number<T: FromStr>(&mut self) -> Option<T> {
        self.text()?.parse().ok()
    }

    /// Of microseconds.
    pub(crate) fn time(&mut self) -> Option<Duration> {
        self.number().map(Duration::from_micros)
    }

    /// `1` or `0`.
    pub(crate) fn flag(&mut self) -> Option<bool> {
        self.number::<u8>().map(|flag| flag == 1)
    }

    pub(crate) fn list(&mut self) -> Option<Vec<Vec<u8>>> {
        let Value::Array(values) = self.0.next()? else { return None };
        let bytes = |value| if let Value::BulkString(bytes) = value { Some(bytes) } else { None };
        values.into_iter().map(bytes).collect()
    }
}

/// An entry of the feed, `number replica said`; `None` for what is not ours.
pub(crate) fn entry(stored: Vec<u8>) -> Option<Entry> {
    let ([number, replica], said) = fields(stored)?;
    let replica = u64::from_str_radix(&replica, 16).ok()?;
    Some(Entry { number: number.parse().ok()?, replica: ReplicaId::of(replica), said: said.into() })
}

/// An entry of the log of events, `1 number until event`; `None` for what is not ours, or of another version.
pub(crate) fn event(stored: Vec<u8>) -> Option<(u64, bytes::Bytes)> {
    let ([version, number, _], event) = fields(stored)?;
    (version == "1").then_some((number.parse().ok()?, event.into()))
}

/// So many texts with a space after each, and the rest.
fn fields<const N: usize>(mut stored: Vec<u8>) -> Option<([String; N], Vec<u8>)> {
    let mut fields = [const { String::new() }; N];
    let mut from = 0;
    for field in &mut fields {
        let to = from + stored[from..].iter().position(|byte| *byte == b' ')?;
        str::from_utf8(&stored[from..to]).ok()?.clone_into(field);
        from = to + 1;
    }
    Some((fields, stored.split_off(from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_formats_are_frozen() {
        let said = Entry { number: 7, replica: ReplicaId::of(255), said: b"{\"a b\"}\0".as_slice().into() };
        assert_eq!(entry(b"7 00000000000000ff {\"a b\"}\0".into()), Some(said));
        assert_eq!(event(b"1 9 1700000000000000 a b".into()), Some((9, b"a b".as_slice().into())));
        for other in [b"".as_slice(), b"7", b"7 ff", b"x ff said", b"7 xyz said", b"\xff\xff ff said", b"-1 ff "] {
            assert_eq!(entry(other.into()), None, "{other:?}");
        }
        for other in [b"2 9 17 newer".as_slice(), b"1 9 17", b"1 x 17 event", b"   ", b"\0"] {
            assert_eq!(event(other.into()), None, "{other:?}");
        }
    }

    #[test]
    fn a_reply_that_is_not_ours_is_none() {
        let bulk = |text: &str| Value::BulkString(text.into());
        assert!(Reply::of_call(Value::Array(vec![bulk("6"), bulk("done")]), 7).is_none(), "another call's");
        for other in [Value::Nil, Value::Okay, bulk("7"), Value::Array(vec![]), Value::Array(vec![Value::Int(7)])] {
            assert!(Reply::of_call(other, 7).is_none());
        }
        let rest = vec![bulk("7"), bulk("x"), Value::Int(1), Value::Array(vec![bulk("a"), Value::Nil])];
        let mut reply = Reply::of_call(Value::Array(rest), 7).unwrap();
        assert_eq!(reply.number::<u64>(), None);
        assert_eq!(reply.bytes(), None);
        assert_eq!(reply.list(), None);
        assert_eq!(reply.text(), None, "after the end");
    }
}
