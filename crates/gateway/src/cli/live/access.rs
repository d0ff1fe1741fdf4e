//! Where the API is, and the token for it.

use std::path::{Path, PathBuf};

use rollcall_client::TokenSource;

use crate::cli::live::failing;
use crate::cli::live::order::LiveOrder;
use crate::cli::{Environment, Failure};

const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// Who asks, and where.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) url: String,
    token: Token,
}

#[derive(Debug, Clone)]
enum Token {
    Given(String),
    File(PathBuf),
}

impl Access {
    pub(super) fn new(order: &LiveOrder, environment: &Environment) -> Result<Self, Failure> {
        let variable = |name: &str| {
            let found = environment.iter().find(|(key, _)| key == name);
            found.and_then(|(_, value)| value.to_str()).map(clean).filter(|value| !value.is_empty())
        };
        let token = match (&order.token_file, variable("ROLLCALL_TOKEN")) {
            (Some(file), _) => Token::File(file.clone()),
            (None, Some(token)) => Token::Given(bare(&token)),
            (None, None) => {
                return Err(Failure::usage(
                    "no token: set ROLLCALL_TOKEN, or give --token-file FILE.\n`rollcall demo` prints one to try; \
                     `rollcall token --config FILE --sub NAME --scope sessions:read` signs one.",
                ));
            }
        };
        let url = order.url.clone().or_else(|| variable("ROLLCALL_URL")).unwrap_or_else(|| DEFAULT_URL.to_owned());
        let access = Self { url, token };
        // A file that is not there is bad usage, as is a URL that cannot be called, and said before anything is asked.
        let token = access.token().map_err(Failure::usage)?;
        rollcall_client::connect(&access.url, &token).map_err(|error| failing::connecting(&error))?;
        Ok(access)
    }

    /// The token to use now.
    pub(super) fn token(&self) -> Result<String, String> {
        match &self.token {
            Token::Given(token) => Ok(token.clone()),
            Token::File(file) => read(file),
        }
    }

    /// The token to use for each connection.
    pub(super) fn tokens(&self) -> TokenSource {
        let access = self.clone();
        TokenSource::fetched(move || std::future::ready(access.token()))
    }
}

fn read(file: &Path) -> Result<String, String> {
    let said = |error: &dyn std::fmt::Display| format!("--token-file {}: {error}", file.display());
    match std::fs::read_to_string(file).map(|text| clean(&text)) {
        Ok(token) if token.is_empty() => Err(said(&"it is empty")),
        Ok(token) => Ok(bare(&token)),
        Err(error) => Err(said(&error)),
    }
}

/// The token alone, also where it was taken from a header.
fn bare(token: &str) -> String {
    match token.split_once(char::is_whitespace) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start().to_owned(),
        _ => token.to_owned(),
    }
}

/// Without the white space and the mark that editors leave.
fn clean(text: &str) -> String {
    text.trim_start_matches('\u{feff}').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(token_file: Option<PathBuf>) -> LiveOrder {
        LiveOrder { url: None, provider: Vec::new(), watch: false, json: false, token_file }
    }

    fn environment(variables: &[(&str, &str)]) -> Environment {
        variables.iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn the_order_goes_before_the_environment() {
        let variables = environment(&[("ROLLCALL_URL", "http://a"), ("ROLLCALL_TOKEN", " t\n")]);
        let access = Access::new(&order(None), &variables).unwrap();
        assert_eq!((access.url.as_str(), access.token().unwrap().as_str()), ("http://a", "t"));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "\u{feff}from-file\r\n").unwrap();
        let order = LiveOrder { url: Some("http://b".to_owned()), ..order(Some(file.path().to_owned())) };
        let access = Access::new(&order, &variables).unwrap();
        assert_eq!((access.url.as_str(), access.token().unwrap().as_str()), ("http://b", "from-file"));
        // It is read again.
        std::fs::write(&file, "newer").unwrap();
        assert_eq!(access.token().unwrap(), "newer");
    }

    #[test]
    fn a_token_may_come_with_the_word_of_its_header() {
        for (given, expected) in
            [("Bearer a.b.c", "a.b.c"), ("bearer  t", "t"), ("bearer", "bearer"), ("a.b.c", "a.b.c")]
        {
            let access = Access::new(&order(None), &environment(&[("ROLLCALL_TOKEN", given)])).unwrap();
            assert_eq!(access.token().unwrap(), expected);
        }
    }

    #[test]
    fn a_url_that_cannot_be_called_is_bad_usage_and_shows_no_secret() {
        for url in [
            "host:8080",
            "http://me:secret@host",
            "https://host/#token=secret",
            "me:secret@host",
            "ftp://me:secret@h/?a",
        ] {
            let variables = environment(&[("ROLLCALL_URL", url), ("ROLLCALL_TOKEN", "t")]);
            let failure = Access::new(&order(None), &variables).unwrap_err();
            assert_eq!(failure.exit_code(), std::process::ExitCode::from(2));
            let said = failure.to_string();
            assert!(!said.contains("secret") && said.contains("for example http://127.0.0.1:8080"), "{said}");
        }
    }

    #[test]
    fn without_a_token_it_says_what_to_do() {
        for (order, word) in [(order(None), "ROLLCALL_TOKEN"), (order(Some("/nowhere/token".into())), "/nowhere/token")]
        {
            let failure = Access::new(&order, &environment(&[("ROLLCALL_TOKEN", "")])).unwrap_err();
            assert!(failure.to_string().contains(word), "{failure}");
            assert_eq!(failure.exit_code(), std::process::ExitCode::from(2));
        }
        assert_eq!(
            Access::new(&order(None), &environment(&[("ROLLCALL_TOKEN", "t")])).unwrap().url,
            "http://127.0.0.1:8080"
        );
    }
}
