//! The compact serialisation of a signed token (RFC 7515 §3.1), read strictly.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::refusal::Refusal;
use crate::strict_json::{self, Members};

/// A token taken apart; nothing in it is to be believed before its signature is verified.
#[derive(Debug)]
pub(crate) struct CompactToken<'a> {
    pub(crate) header: Header,
    /// What is signed: both first parts as they came, with the dot.
    pub(crate) signed: &'a str,
    pub(crate) payload: Vec<u8>,
    /// In canonical base64url without padding.
    pub(crate) signature: &'a str,
}

/// The members of the header that are used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) algorithm: String,
    pub(crate) kid: Option<String>,
}

impl<'a> CompactToken<'a> {
    /// Exactly three parts, each in canonical base64url without padding, a header on the allow-list.
    pub(crate) fn parse(token: &'a str) -> Result<Self, Refusal> {
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refusal::Malformed);
        };
        let signed = &token[..header.len() + 1 + payload.len()];
        let header = Header::read(strict_json::object(&decode(header)?)?)?;
        let payload = decode(payload)?;
        decode(signature)?;
        Ok(Self { header, signed, payload, signature })
    }
}

impl Header {
    /// An allow-list. `crit`, `b64`, `zip`, `cty`, `jku`, `jwk`, `x5u`, `x5c` and whatever is not known are refused,
    /// although RFC 7515 §4 would ignore the last: a header must not say anything that we do not act on. The two
    /// thumbprints only repeat which key was used; some issuers send them beside `kid`, by which we choose.
    fn read(members: Members) -> Result<Self, Refusal> {
        let (mut algorithm, mut kid, mut typ) = (None, None, None);
        for (name, value) in members {
            let Value::String(text) = value else { return Err(Refusal::Header) };
            match name.as_str() {
                "alg" => algorithm = Some(text),
                "kid" => kid = Some(text),
                "typ" => typ = Some(text),
                "x5t" | "x5t#S256" => {}
                _ => return Err(Refusal::Header),
            }
        }
        // Media types know no letter case (RFC 7515 §4.1.9).
        if !typ.is_some_and(|typ| typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case("at+jwt")) {
            return Err(Refusal::Type);
        }
        Ok(Self { algorithm: algorithm.ok_or(Refusal::Algorithm)?, kid })
    }
}

/// Refuses padding, white space, the other alphabet and bits left over (several texts for one token).
fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_header(json: &str) -> Result<Header, Refusal> {
        let token = format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(json));
        CompactToken::parse(&token).map(|token| token.header)
    }

    #[test]
    fn the_used_members_are_read_and_thumbprints_ignored() {
        let header = parse_header(r#"{"alg":"ES256","kid":"a","typ":"JWT","x5t":"q","x5t#S256":"q"}"#).unwrap();
        assert_eq!(header, Header { algorithm: "ES256".into(), kid: Some("a".into()) });
        for typ in ["JWT", "jwt", "at+jwt", "AT+JWT"] {
            assert!(parse_header(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#)).is_ok(), "{typ}");
        }
    }

    #[test]
    fn every_other_header_is_refused() {
        for (json, why) in [
            (r#"{"alg":"ES256"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":""}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"JWE"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"JWT "}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"application/at+jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"dpop+jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"secevent+jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":null}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":["JWT"]}"#, Refusal::Header),
            (r#"{"typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":null,"typ":"JWT"}"#, Refusal::Header),
            (r#"{"alg":["ES256"],"typ":"JWT"}"#, Refusal::Header),
            (r#"{"alg":"ES256","alg":"ES256","typ":"JWT"}"#, Refusal::Duplicate),
            (r#"{"alg":"ES256","typ":"JWT","kid":7}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","kid":null}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":[]}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":["exp"],"exp":1}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":["b64"],"b64":false}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":"b64"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","b64":false}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","b64":true}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","zip":"DEF"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","cty":"JWT"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","jku":"https://evil.example/keys"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","x5u":"https://evil.example/cert"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","x5c":["AAAA"]}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","jwk":{"kty":"oct","k":"AAAA"}}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","enc":"A128GCM"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","Crit":"x"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","unheard_of":"x"}"#, Refusal::Header),
        ] {
            assert_eq!(parse_header(json), Err(why), "{json}");
        }
    }

    #[test]
    fn other_shapes_are_malformed() {
        const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"; // {"alg":"HS256","typ":"JWT"}
        assert!(CompactToken::parse(&format!("{HEADER}.e30.AAAA")).is_ok());
        for token in [
            "".to_owned(),
            ".".into(),
            "..".into(),
            "...".into(),
            HEADER.into(),
            format!("{HEADER}.e30"),
            format!("{HEADER}.e30.AAAA."),
            format!(".{HEADER}.e30.AAAA"),
            format!("{HEADER}..e30.AAAA"),
            format!("{HEADER}.e30.AAAA.AAAA"),
            format!("{HEADER}.e30.AAAA.AAAA.AAAA"),
            format!("{HEADER}=.e30.AAAA"),
            format!("{HEADER}.e30=.AAAA"),
            format!("{HEADER}.e30.AA=="),
            format!("{HEADER}.e30.AB"),
            format!("{HEADER}.e30.AAB"),
            format!("{HEADER}.e31.AAAA"),
            format!("{HEADER}.e30.A"),
            format!("{HEADER}.e30.AA+/"),
            format!("{HEADER}.e30.AA\n"),
            format!("{HEADER}. e30.AAAA"),
            format!("{HEADER}.e30.AAAA "),
            format!("\u{feff}{HEADER}.e30.AAAA"),
            format!("{HEADER}.e30,AAAA"),
            r#"{"payload":"e30","protected":"e30","signature":"AAAA"}"#.into(),
        ] {
            assert_eq!(CompactToken::parse(&token).map(|_| ()), Err(Refusal::Malformed), "{token:?}");
        }
    }

    #[test]
    fn an_empty_signature_is_left_to_the_key_which_refuses_it() {
        let token = CompactToken::parse("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.").unwrap();
        assert_eq!(token.signed, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30");
        assert!(token.signature.is_empty());
    }
}
