//! Where the store is, and who we are there, as a URL says it.

use percent_encoding::percent_decode_str;
use redis::RedisConnectionInfo;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::config::ConfigError;

/// The port of a URL without one.
const USUAL_PORT: u16 = 6379;

/// A store's address.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether it is spoken to over TLS.
    pub(crate) is_tls: bool,
    user: Option<String>,
    password: Option<SecretString>,
    database: i64,
}

impl Address {
    pub(crate) fn parse(url: &SecretString, password: Option<&SecretString>) -> Result<Self, ConfigError> {
        let wrong = |what: &str| ConfigError::new("url", what);
        let url = Url::parse(url.expose_secret())
            .map_err(|error| wrong(&format!("is no URL ({error}); write for example redis://127.0.0.1:6379")))?;
        let is_tls = match url.scheme() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(wrong("must begin with redis:// or rediss://, for example redis://127.0.0.1:6379")),
        };
        let host = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            _ => return Err(wrong("names no host")),
        };
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong(
                "must end after the number of the database: a `?` or `#` in a password is written %3F, %23",
            ));
        }
        let database = match url.path().trim_start_matches('/') {
            "" => 0,
            number => number.parse().ok().filter(|number| *number >= 0).ok_or_else(|| {
                wrong("may have the number of a database after the host, and nothing else: a `/` in a password is written %2F")
            })?,
        };
        let decoded = |text: &str, what: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(|text| text.into_owned()).map_err(|_| wrong(&format!("has a {what} that is not UTF-8")))
        };
        let user = Some(decoded(url.username(), "user")?).filter(|user| !user.is_empty());
        let password = match (password, url.password()) {
            (Some(password), _) => Some(password.clone()),
            (None, Some(password)) => Some(SecretString::from(decoded(password, "password")?)),
            (None, None) => None,
        };
        if user.is_some() && password.is_none() {
            return Err(wrong("names a user without a password"));
        }
        Ok(Self { host, port: url.port().unwrap_or(USUAL_PORT), is_tls, user, password, database })
    }

    /// What the first words on a connection say.
    pub(crate) fn greeting(&self) -> RedisConnectionInfo {
        let mut info =
            RedisConnectionInfo::default().set_db(self.database).set_lib_name("rollcall", env!("CARGO_PKG_VERSION"));
        if let Some(user) = &self.user {
            info = info.set_username(user);
        }
        if let Some(password) = &self.password {
            info = info.set_password(password.expose_secret());
        }
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, ConfigError> {
        Address::parse(&url.into(), None)
    }

    #[test]
    fn every_part_of_a_url_counts() {
        let address = parse("redis://store.internal").unwrap();
        assert_eq!((address.host.as_str(), address.port, address.is_tls), ("store.internal", 6379, false));
        let greeting = address.greeting();
        assert_eq!((greeting.username(), greeting.password(), greeting.db()), (None, None, 0));

        let address = parse("rediss://rollcall:p%40ss%2F@[::1]:7000/3").unwrap();
        assert_eq!((address.host.as_str(), address.port, address.is_tls), ("::1", 7000, true));
        let greeting = address.greeting();
        assert_eq!((greeting.username(), greeting.password(), greeting.db()), (Some("rollcall"), Some("p@ss/"), 3));

        let greeting = parse("redis://:only@10.0.0.1/").unwrap().greeting();
        assert_eq!((greeting.username(), greeting.password()), (None, Some("only")));
    }

    #[test]
    fn a_password_beside_the_url_is_taken_before_the_one_in_it() {
        let other = SecretString::from("other");
        for url in ["redis://rollcall@h", "redis://rollcall:one@h"] {
            let greeting = Address::parse(&url.into(), Some(&other)).unwrap().greeting();
            assert_eq!((greeting.username(), greeting.password()), (Some("rollcall"), Some("other")), "{url}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (url, part) in [
            ("hunter2", "no URL"),
            ("http://:hunter2@h", "redis:// or rediss://"),
            ("redis:hunter2", "names no host"),
            ("redis://:hunter2@", "no URL"),
            ("redis://:hunter2@h:99999", "no URL"),
            ("redis://:hunter2@h/name", "number of a database"),
            ("redis://:hunter2@h/-1", "number of a database"),
            ("redis://:hunter2@h/1/2", "number of a database"),
            ("redis://:hunter2@h?protocol=resp3", "must end"),
            ("redis://:a#hunter2@h", "no URL"),
            ("redis://hunter2@h", "without a password"),
            ("redis://:hunter2%ff@h", "not UTF-8"),
        ] {
            let error = parse(url).expect_err(url);
            assert_eq!(error.at, "url");
            assert!(error.what.contains(part), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
        assert!(!format!("{:?}", parse("redis://u:hunter2@h").unwrap()).contains("hunter2"));
    }
}
