//! Where an upstream is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why a text cannot be the base of an upstream's URLs. Says the rule, never the refused text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidBaseUrl(pub(crate) &'static str);

/// The base of every URL of one upstream: https, or http on loopback, or anything if the operator allows it.
/// Without credentials, query, fragment and trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Takes the text if it is acceptable. Loopback (127.0.0.0/8, `[::1]`, `localhost`) is always allowed, with http
    /// or https; `allow_insecure` admits `http://` elsewhere and private, link-local and unspecified addresses.
    ///
    /// # Errors
    /// [`InvalidBaseUrl`] with the rule that was broken.
    pub fn parse(text: &str, allow_insecure: bool) -> Result<Self, InvalidBaseUrl> {
        let mut url = parse_http_url(text)?;
        if url.query().is_some() {
            return Err(InvalidBaseUrl("must not have a query"));
        }
        if !allow_insecure && !is_loopback(&url) {
            if url.scheme() != "https" {
                return Err(InvalidBaseUrl(
                    "must be https; http is for loopback, or with allow_insecure_base_url = true",
                ));
            }
            if is_inner_address(&url) {
                return Err(InvalidBaseUrl(
                    "must not be a private, link-local or reserved address, or only with allow_insecure_base_url = true",
                ));
            }
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// What the segments of a request are appended to.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
}

/// An absolute http(s) URL without user, password and fragment.
pub(crate) fn parse_http_url(text: &str) -> Result<Url, InvalidBaseUrl> {
    let url = Url::parse(text)
        .map_err(|_| InvalidBaseUrl("must be an absolute URL, for example https://api.example.com/v1"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(InvalidBaseUrl("must begin with https:// (or http:// where that is allowed)"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidBaseUrl("must not hold a user name or a password"));
    }
    if url.fragment().is_some() {
        return Err(InvalidBaseUrl("must not have a fragment"));
    }
    Ok(url)
}

/// Whether the host is this machine by its very name; a name that merely resolves to it is not.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

fn is_inner_address(url: &Url) -> bool {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => address.to_canonical(),
        Some(Host::Domain(_)) | None => return false,
    };
    match address {
        IpAddr::V4(address) => is_inner_v4(address),
        IpAddr::V6(address) => is_inner_v6(address),
    }
}

fn is_inner_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && second & 0b1100_0000 == 64; // 100.64.0.0/10, carrier-grade NAT
    address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || first == 0
        || shared
}

fn is_inner_v6(address: Ipv6Addr) -> bool {
    address.is_unspecified() || address.is_unique_local() || address.is_unicast_link_local() || address.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_loopback_are_allowed() {
        for (text, normal) in [
            ("https://api.huddle01.com/api/v2/sdk", "https://api.huddle01.com/api/v2/sdk"),
            ("https://api.cloudflare.com/client/v4///", "https://api.cloudflare.com/client/v4"),
            ("https://h", "https://h/"),
            ("https://h:8443/", "https://h:8443/"),
            ("https://8.8.8.8/x", "https://8.8.8.8/x"),
            ("http://127.0.0.1:9/x/", "http://127.0.0.1:9/x"),
            ("http://127.8.8.8", "http://127.8.8.8/"),
            ("http://localhost:1", "http://localhost:1/"),
            ("http://[::1]:1", "http://[::1]:1/"),
            ("https://127.0.0.1/", "https://127.0.0.1/"),
        ] {
            assert_eq!(
                BaseUrl::parse(text, false).map(|base| base.as_url().to_string()),
                Ok(normal.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn plain_http_and_inner_addresses_need_the_operators_word() {
        for text in [
            "http://api.huddle01.com",
            "http://localhost.evil.example",
            "http://8.8.8.8",
            "https://10.0.0.1",
            "https://192.168.1.1",
            "https://172.16.0.1",
            "https://169.254.169.254",
            "https://0.0.0.0",
            "https://100.64.0.1",
            "https://[::]",
            "https://[fd00::1]",
            "https://[fe80::1]",
            "https://[::ffff:10.0.0.1]",
            "https://0x0a000001/",
        ] {
            assert!(BaseUrl::parse(text, false).is_err(), "{text}");
            assert!(BaseUrl::parse(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_allowed_by_anybody_and_the_error_says_the_rule() {
        for (text, rule) in [
            ("", "absolute URL"),
            ("api.huddle01.com", "absolute URL"),
            ("https://", "absolute URL"),
            ("ftp://h", "begin with https"),
            ("file:///etc/passwd", "begin with https"),
            ("https://user@h", "user name"),
            ("https://user:hunter2@h", "password"),
            ("https://h/?", "query"),
            ("https://h/?key=hunter2", "query"),
            ("https://h/#x", "fragment"),
        ] {
            let error = BaseUrl::parse(text, true).unwrap_err().to_string();
            assert!(error.contains(rule), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
