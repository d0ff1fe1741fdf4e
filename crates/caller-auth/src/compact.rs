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
    /// Exactly three parts, each in canonical base64url without padding.
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
    /// Reads the members that are used. Those that change how a token is to be read or bring a key along are refused;
    /// all others are ignored, as RFC 7515 §4 asks.
    fn read(members: Members) -> Result<Self, Refusal> {
        let is_encoded = members.get("b64").is_none_or(|b64| *b64 == Value::Bool(true));
        if !is_encoded || REFUSED.iter().any(|name| members.contains_key(*name)) {
            return Err(Refusal::Header);
        }
        let text = |name: &str, why: Refusal| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(why),
        };
        if text("typ", Refusal::Type)?.is_some_and(|typ| !is_known_type(&typ)) {
            return Err(Refusal::Type);
        }
        let algorithm = text("alg", Refusal::Algorithm)?.ok_or(Refusal::Algorithm)?;
        Ok(Self { algorithm, kid: text("kid", Refusal::Header)? })
    }
}

/// `crit` demands to be understood, `zip` and `enc` change what is signed, the others bring a key along. `"b64":false` says
/// that the payload is signed as it stands (RFC 7797) and has to come with `crit`, but need not.
const REFUSED: [&str; 6] = ["crit", "jku", "jwk", "x5u", "zip", "enc"];

/// Media types know no letter case, and `application/` may be left out (RFC 7515 §4.1.9). Another type of token of the
/// same issuer must not pass for one of ours (RFC 8725 §3.11).
fn is_known_type(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    matches!(typ.strip_prefix("application/").unwrap_or(&typ), "jwt" | "at+jwt")
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
    fn the_used_members_are_read_and_what_need_not_be_understood_is_ignored() {
        let used = Header { algorithm: "ES256".into(), kid: Some("a".into()) };
        for rest in [
            "",
            r#","typ":"JWT""#,
            r#","typ":"jwt""#,
            r#","typ":"at+jwt""#,
            r#","typ":"AT+JWT""#,
            r#","typ":"application/at+jwt""#,
            r#","typ":"Application/JWT""#,
            r#","x5t":"q","x5t#S256":"q","nonce":"n","cty":"JWT","iss":"https://id.example","x5c":["AAAA"]"#,
            r#","Crit":"x","b64":true,"unheard_of":{"a":[null]}"#,
        ] {
            let header = parse_header(&format!(r#"{{"alg":"ES256","kid":"a"{rest}}}"#));
            assert_eq!(header.as_ref(), Ok(&used), "{rest}");
        }
    }

    #[test]
    fn what_would_have_to_be_understood_is_refused() {
        for (json, why) in [
            (r#"{"alg":"ES256","typ":""}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"JWE"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"JWT "}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"application/application/jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"text/jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"dpop+jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":"secevent+jwt"}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":null}"#, Refusal::Type),
            (r#"{"alg":"ES256","typ":["JWT"]}"#, Refusal::Type),
            (r#"{"typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":null,"typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":["ES256"],"typ":"JWT"}"#, Refusal::Algorithm),
            (r#"{"alg":"ES256","alg":"ES256","typ":"JWT"}"#, Refusal::Duplicate),
            (r#"{"alg":"ES256","x":1,"x":1}"#, Refusal::Duplicate),
            (r#"{"alg":"ES256","typ":"JWT","kid":7}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","kid":null}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":[]}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":["exp"],"exp":1}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":["b64"],"b64":false}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","b64":false}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","b64":null}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","crit":null}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","zip":"DEF"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","jku":"https://evil.example/keys"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","x5u":"https://evil.example/cert"}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","jwk":{"kty":"oct","k":"AAAA"}}"#, Refusal::Header),
            (r#"{"alg":"ES256","typ":"JWT","enc":"A128GCM"}"#, Refusal::Header),
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
