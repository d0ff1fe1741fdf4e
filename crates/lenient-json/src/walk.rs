//! A text gone through once, from the outside in.
//!
//! The other readers here take a value that is known to be JSON and go through it again on each level. That is dear for a
//! list of ten thousand rows, of which most are what they were the last time: here they are cut out in one pass, and read
//! by whoever wants them.

use memchr::memchr2;
use serde_json::value::RawValue;

use crate::row::{Broken, row};
use crate::{KnownRows, RowRead, Shape};

/// A place in a text. What lies before it is JSON, but for the rows of arrays, which are not looked into.
#[derive(Debug)]
pub struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    /// At the beginning of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The type of the next value, as far as its first character tells.
    pub fn shape(&mut self) -> Option<Shape> {
        self.next().map(Shape::from_first)
    }

    /// The next value.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn value(&mut self) -> Result<&'a RawValue, Broken> {
        self.cut().and_then(row)
    }

    /// Hands each element of the next value to `each`, from its first to its last character, and answers whether that value is
    /// an array. The elements are not checked: [`row`] does that.
    ///
    /// # Errors
    /// When the value is not JSON, as far as it is looked at, or `each` says so.
    pub fn elements(&mut self, mut each: impl FnMut(&'a str) -> Result<(), Broken>) -> Result<bool, Broken> {
        self.each_element(|walk| each(walk.cut()?))
    }

    /// The same with what each element says, by `read` unless it is known; `None` for one that cannot be used. Elements that
    /// are expected are not gone through.
    ///
    /// # Errors
    /// As [`Self::elements`], and when an element is not JSON.
    pub fn known_elements<T: Clone>(
        &mut self,
        known: &mut KnownRows<T>,
        mut read: impl FnMut(&RawValue) -> RowRead<T>,
        mut each: impl FnMut(Option<T>) -> Result<(), Broken>,
    ) -> Result<bool, Broken> {
        self.each_element(|walk| {
            let cut = walk.cut_expected(known)?;
            each(known.read(cut, &mut read)?)
        })
    }

    /// Has `each` take each element of the next value.
    fn each_element(&mut self, mut each: impl FnMut(&mut Self) -> Result<(), Broken>) -> Result<bool, Broken> {
        if self.next() != Some(b'[') {
            return self.value().map(|_| false);
        }
        self.at += 1;
        if self.next() == Some(b']') {
            self.at += 1;
            return Ok(true);
        }
        loop {
            each(self)?;
            if self.is_over(b']')? {
                return Ok(true);
            }
        }
    }

    /// Hands each member of the next value, an object, to `each`, which reads the value that is next after the key, quotes
    /// included.
    ///
    /// # Errors
    /// When it is not JSON, not an object, or `each` says so.
    pub(crate) fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &'a str) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.pass(b'{')?;
        if self.next() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let key = self.key()?;
            self.pass(b':')?;
            each(self, key)?;
            if self.is_over(b'}')? {
                return Ok(());
            }
        }
    }

    /// Ends the walk.
    ///
    /// # Errors
    /// When there is anything left but white space.
    pub fn end(mut self) -> Result<(), Broken> {
        if self.next().is_none() { Ok(()) } else { Err(Broken) }
    }

    fn key(&mut self) -> Result<&'a str, Broken> {
        if self.next() != Some(b'"') {
            return Err(Broken);
        }
        let key = self.cut()?;
        let is_plain = key.bytes().all(|byte| byte >= b' ' && byte != b'\\');
        if is_plain { Ok(key) } else { row(key).map(RawValue::get) }
    }

    /// The first character after white space.
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let found = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))?;
        self.at += found;
        rest.get(found).copied()
    }

    fn pass(&mut self, wanted: u8) -> Result<(), Broken> {
        if self.next() != Some(wanted) {
            return Err(Broken);
        }
        self.at += 1;
        Ok(())
    }

    /// Whether the object or array ends here, or another part of it follows.
    fn is_over(&mut self, end: u8) -> Result<bool, Broken> {
        let next = self.next().filter(|next| *next == end || *next == b',').ok_or(Broken)?;
        self.at += 1;
        Ok(next == end)
    }

    /// As [`Self::cut`], without looking for the end of an object that is expected here.
    fn cut_expected<T: Clone>(&mut self, known: &mut KnownRows<T>) -> Result<&'a str, Broken> {
        let is_object = self.next() == Some(b'{');
        let rest = self.text.get(self.at..).filter(|_| is_object);
        let expected = rest.and_then(|rest| rest.get(..known.expect(rest)?));
        let Some(cut) = expected else { return self.cut() };
        self.at += cut.len();
        Ok(cut)
    }

    /// Everything up to the end of the next value. It is right for a value that is JSON; for any other it is something that
    /// is no JSON, or what follows is none.
    fn cut(&mut self) -> Result<&'a str, Broken> {
        let first = self.next().ok_or(Broken)?;
        let bytes = self.text.as_bytes();
        let start = self.at;
        let end = match first {
            b'"' => text_end(bytes, start),
            b'{' | b'[' => container_end(bytes, start),
            _ => bytes.iter().skip(start).position(|byte| b",]} \t\r\n".contains(byte)).map(|length| start + length),
        };
        self.at = end.unwrap_or(bytes.len());
        self.text.get(start..self.at).ok_or(Broken)
    }
}

fn container_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    loop {
        at = match bytes.get(at)? {
            b'"' => text_end(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at + 1
            }
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
                at + 1
            }
            _ => at + 1,
        }
    }
}

fn text_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Fields, elements, fields_around, fields_or_null};

    /// Two members, and the elements of a third, if it is an array.
    type Listed<'a> = (Fields<'a, 2>, Option<Option<Vec<&'a str>>>);

    /// In one pass, every row checked.
    fn walked(text: &str) -> Result<Listed<'_>, Broken> {
        let mut walk = Walk::new(text);
        let listed = fields_around(&mut walk, ["a", "b"], "list", |walk| {
            let mut rows = Vec::new();
            let is_array = walk.elements(|cut| row(cut).map(|row| rows.push(row.get())))?;
            Ok(is_array.then_some(rows))
        })?;
        walk.end()?;
        Ok(listed)
    }

    /// The same, each level on its own.
    fn read(text: &str) -> Result<Listed<'_>, Broken> {
        let [a, b, list] = fields_or_null(text, ["a", "b", "list"]).map_err(|_| Broken)?;
        let rows = list.filter(|list| Shape::of(list) != Shape::Null).map(|list| {
            let mut rows = Vec::new();
            let read = elements(list, |row| {
                rows.push(row.get());
                std::ops::ControlFlow::Continue(())
            });
            read.ok().map(|()| rows)
        });
        Ok(([a, b], rows))
    }

    fn assert_alike(text: &str) {
        let shown = |listed: Result<Listed<'_>, Broken>| {
            listed.map(|(fields, rows)| format!("{:?} {rows:?}", fields.map(|field| field.map(RawValue::get))))
        };
        assert_eq!(shown(walked(text)), shown(read(text)), "{text}");
    }

    #[test]
    fn one_pass_reads_what_many_do() {
        for text in [
            r#"{"a":1,"list":[{"x":"]"},[1,[2]],"\"]", 7 ,null],"b":{"list":[]}}"#,
            "{\"LIST\" : [ ] , \"A\":null,\"a\": 2}",
            r#"{"list":null,"List":[1],"list":[2]}"#,
            r#"{"list":{"list":[1]}}"#,
            r#"{"\u006cist":[1,2],"\ud800":3}"#,
            "{}",
        ] {
            assert!(walked(text).is_ok(), "{text}");
            assert_alike(text);
        }
    }

    #[test]
    fn whatever_is_not_one_whole_object_is_broken() {
        for text in [
            "",
            "[]",
            "null",
            "{",
            "{,}",
            "{}{}",
            "{} x",
            r#"{"list":[1,]}"#,
            r#"{"list":[,1]}"#,
            r#"{"list":[1 2]}"#,
            r#"{"list":[1}"#,
            r#"{"list":[{]]}"#,
            r#"{"list":[{"x":1]}"#,
            r#"{"list":[01]}"#,
            r#"{"list":[nul]}"#,
            "{\"list\":[\"\n\"]}",
            r#"{"list":["\x"]}"#,
            r#"{"list":["a]}"#,
            r#"{"list":["a\"#,
            r#"{"list":]}"#,
            r#"{"list"}"#,
            r#"{"list":}"#,
            r#"{list:[]}"#,
            r#"{"a":1,}"#,
            r#"{"z":tru}"#,
            "{\"\0\":1}",
            r#"{"\x":1}"#,
        ] {
            assert_eq!(walked(text).err(), Some(Broken), "{text}");
            assert_alike(text);
        }
    }

    #[test]
    fn ten_thousand_levels_are_cut_like_one() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(r#"{{"list":[{deep},1],"z":{deep}}}"#);
        let (_, rows) = walked(&text).unwrap();
        assert_eq!(rows.flatten().unwrap(), [deep.as_str(), "1"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn one_pass_reads_any_text_as_many_do(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\"a\""), Just("\"list\""),
                    Just("\"list\":["), Just("null"), Just("1"), Just(" "), Just("\""), Just("\\"), Just("\"\\\"\""),
                    Just("{\"x\":[]}"), Just("],"), Just("ü"), Just("\"\\ud800\""), Just("-"), Just("true"),
                ],
                0..14,
            ),
            is_object: bool,
        ) {
            let parts = parts.concat();
            assert_alike(&if is_object { format!("{{\"list\":[{parts}]}}") } else { parts });
        }
    }
}
