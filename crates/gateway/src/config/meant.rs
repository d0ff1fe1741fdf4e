//! Which key was meant by one that is not known.

/// More slips of the pen than a name of twelve letters has.
const MOST_SLIPS: usize = 2;

/// The known key that is written almost so: in another style (`apiKey`, `admin-listen`), or with a letter or two amiss.
pub(super) fn meant<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let written = plain(key);
    let slips = |name: &&str| strsim::damerau_levenshtein(&plain(name), &written);
    let nearest = known.iter().copied().min_by_key(slips)?;
    let allowed = MOST_SLIPS.min(written.chars().count() / 3);
    (slips(&nearest) <= allowed).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_styles_are_seen_through_and_other_words_are_not() {
        let known = ["listen", "admin_listen", "request_timeout", "cors_origins", "tls"];
        for (key, expected) in [
            ("admin-listen", Some("admin_listen")),
            ("adminListen", Some("admin_listen")),
            ("request_timout", Some("request_timeout")),
            ("lisetn", Some("listen")),
            ("cors_origin", Some("cors_origins")),
            ("tsl", Some("tls")),
            ("port", None),
            ("fresh_for", None),
            ("", None),
        ] {
            assert_eq!(meant(key, &known), expected, "{key}");
        }
        assert_eq!(meant("a", &[]), None);
    }
}
