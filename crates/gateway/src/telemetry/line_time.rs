//! When a line was written, as it stands at its head.

use session_provider::Timestamp;

/// The text of the latest moment asked for; of the next one within the same second only the fraction is written anew.
#[derive(Debug, Default)]
pub(super) struct LineTime {
    second: Option<i64>,
    text: String,
}

/// The length of `2026-11-20T10:00:00`.
const WHOLE: usize = 19;

impl LineTime {
    /// RFC 3339 in UTC with six decimals.
    pub(super) fn text(&mut self, unix_micros: i64) -> &str {
        let (second, micros) = (unix_micros.div_euclid(1_000_000), unix_micros.rem_euclid(1_000_000));
        if self.second != Some(second) {
            let at = Timestamp::from_unix_ms(second.saturating_mul(1000)).unwrap_or(Timestamp::LATEST);
            self.text = at.to_string();
            self.second = Some(second);
        }
        self.text.truncate(WHOLE);
        self.text.push('.');
        for unit in [100_000, 10_000, 1000, 100, 10, 1] {
            // One decimal digit, so the digits of ASCII hold it.
            self.text.push(char::from(b'0' + u8::try_from(micros / unit % 10).unwrap_or(0)));
        }
        self.text.push('Z');
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_is_its_own_whatever_was_asked_before() {
        let mut time = LineTime::default();
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (1_700_000_000_123_456, "2023-11-14T22:13:20.123456Z"),
            (1_700_000_000_999_999, "2023-11-14T22:13:20.999999Z"),
            (1_700_000_001_000_000, "2023-11-14T22:13:21.000000Z"),
            (1_700_000_000_000_007, "2023-11-14T22:13:20.000007Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
        ] {
            assert_eq!(time.text(micros), text);
        }
    }
}
