//! What a script is given.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use coordination::Mark;

/// Ten years: nothing is kept for longer.
const LONGEST_MS: u128 = 10 * 366 * 86_400_000;

/// Arguments in their order.
#[derive(Debug, Default)]
pub(crate) struct Arguments<'a>(pub(crate) Vec<Cow<'a, [u8]>>);

impl<'a> Arguments<'a> {
    /// A number or a name.
    pub(crate) fn text(mut self, value: impl Display) -> Self {
        self.0.push(value.to_string().into_bytes().into());
        self
    }

    pub(crate) fn flag(self, value: bool) -> Self {
        self.text(u8::from(value))
    }

    /// As it is.
    pub(crate) fn bytes(mut self, value: &'a [u8]) -> Self {
        self.0.push(value.into());
        self
    }

    /// A time to keep something: whole milliseconds, at least one.
    pub(crate) fn ms(self, time: Duration) -> Self {
        self.text(time.as_micros().div_ceil(1000).clamp(1, LONGEST_MS))
    }

    /// Whole microseconds.
    pub(crate) fn us(self, time: Duration) -> Self {
        self.text(time.as_micros().min(LONGEST_MS * 1000))
    }

    /// Marks, each written `length:mark,`.
    pub(crate) fn marks(self, marks: &[Mark]) -> Self {
        let marks = marks.iter().map(Mark::as_str);
        self.text(marks.map(|mark| format!("{}:{mark},", mark.len())).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_frozen() {
        let ms = [Duration::ZERO, Duration::from_nanos(1), Duration::from_micros(1001), Duration::MAX];
        let arguments = ms.into_iter().fold(Arguments::default(), Arguments::ms);
        let arguments = arguments.us(Duration::from_micros(7)).us(Duration::MAX).flag(true).text(u64::MAX);
        let arguments = arguments.marks(&[Mark::account(), Mark::room("é,1:"), Mark::session("s")]).bytes(b"\r\n\0");
        let seen: Vec<_> = arguments.0.iter().map(|argument| String::from_utf8_lossy(argument).into_owned()).collect();
        assert_eq!(
            seen,
            [
                "1",
                "1",
                "2",
                "316224000000",
                "7",
                "316224000000000",
                "1",
                "18446744073709551615",
                "1:*,7:r/é,1:,3:s/s,",
                "\r\n\0",
            ]
        );
    }
}
