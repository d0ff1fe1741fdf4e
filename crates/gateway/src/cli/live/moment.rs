//! Times for people.

/// How long something has been going on, in its two largest units.
pub(super) fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    if days > 0 {
        format!("{days}d {:02}h", hours % 24)
    } else if hours > 0 {
        format!("{hours}h {:02}m", minutes % 60)
    } else if minutes > 0 {
        format!("{minutes}m {:02}s", seconds % 60)
    } else {
        format!("{seconds}s")
    }
}

/// The time of day, UTC.
pub(super) fn clock(unix_seconds: i64) -> String {
    let of_day = unix_seconds.rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_two_units() {
        for (seconds, expected) in
            [(-5, "0s"), (59, "59s"), (61, "1m 01s"), (7260, "2h 01m"), (90_000, "1d 01h"), (864_000, "10d 00h")]
        {
            assert_eq!(age(seconds), expected);
        }
    }

    #[test]
    fn the_clock_is_of_the_day() {
        assert_eq!(clock(1_732_587_015), "02:10:15Z");
    }
}
