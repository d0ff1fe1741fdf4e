//! Times, in each of the forms the service writes.

use session_provider::Timestamp;

/// Reads ISO 8601 with `T` or a space, with any number of decimals, with an offset or without one (then it is UTC, as
/// all of the service's times are). Anything else, the published sample with a stray quote included, is no time
/// (`upstream/realtimekit.md` quirk 12): the row is kept without it.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let mut iso = text.trim().to_ascii_uppercase();
    if !iso.is_ascii() || iso.len() < "2022-12-13T07:08:39".len() || iso.len() > 64 {
        return None;
    }
    if iso.as_bytes()[10] == b' ' {
        iso.replace_range(10..11, "T");
    }
    let zone = iso.rfind(['Z', '+', '-']).filter(|at| *at > 10).map(|at| iso.len() - at);
    match zone {
        None => iso.push('Z'),
        // `+00`, as databases write it, and `+0000`
        Some(3) => iso.push_str(":00"),
        Some(5) => iso.insert(iso.len() - 2, ':'),
        Some(_) => {}
    }
    Timestamp::parse_rfc3339(&iso)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2022-01-12T14:21:34.388Z", Some("2022-01-12T14:21:34.388Z"))]
    #[case("2022-12-13 07:08:39.051621Z", Some("2022-12-13T07:08:39.051Z"))]
    #[case("2022-12-13 07:08:39.051621", Some("2022-12-13T07:08:39.051Z"))]
    #[case("2022-12-13T07:08:39", Some("2022-12-13T07:08:39.000Z"))]
    #[case(" 2022-12-13t07:08:39z ", Some("2022-12-13T07:08:39.000Z"))]
    #[case("2022-12-13T09:08:39+02:00", Some("2022-12-13T07:08:39.000Z"))]
    #[case("2022-12-13 09:08:39.5+0200", Some("2022-12-13T07:08:39.500Z"))]
    #[case("2022-12-13 07:08:39.5+00", Some("2022-12-13T07:08:39.500Z"))]
    #[case("2026-03-14T10:00:36.846Z\"", None)]
    #[case("null", None)]
    #[case("", None)]
    #[case("2022-12-13", None)]
    #[case("2022-13-13T07:08:39Z", None)]
    #[case("ääääääääääääääääääääää", None)]
    #[case("1647252036", None)]
    fn forms(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(parse(text).map(|at| at.to_string()).as_deref(), expected);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn never_panics_on_near_times(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T -+Z][0-9:.+Z-]{0,20}") {
            let _ = parse(&text);
        }
    }
}
