//! The token out of the `Authorization` header.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::refusal::Refusal;

/// The longest token that is looked at, in bytes. Checked before anything is decoded.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// The value of the one `Authorization` header.
pub(crate) fn value(headers: &HeaderMap) -> Result<&HeaderValue, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::NoToken)?;
    if values.next().is_some() {
        return Err(Refusal::NotOneBearer);
    }
    Ok(value)
}

/// The token of the one `Authorization: Bearer …` header.
pub(crate) fn token(headers: &HeaderMap) -> Result<&str, Refusal> {
    token_in(value(headers)?)
}

/// The token of such a header's value. The scheme may be in any letter case (RFC 9110 §11.1), one or more spaces stand
/// behind it (§11.4).
pub(crate) fn token_in(value: &HeaderValue) -> Result<&str, Refusal> {
    let text = value.to_str().map_err(|_| Refusal::NotOneBearer)?;
    let (scheme, token) = text.split_once(' ').ok_or(Refusal::NotOneBearer)?;
    let token = token.trim_start_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Refusal::NotOneBearer);
    }
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Refusal::TooLarge);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&[u8]]) -> Result<String, Refusal> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for value in
            ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR a.b.c", "Bearer  a.b.c", "Bearer     a.b.c"]
        {
            assert_eq!(read(&[value.as_bytes()]), Ok("a.b.c".into()), "{value}");
        }
    }

    #[test]
    fn anything_but_one_bearer_header_is_refused() {
        assert_eq!(read(&[]), Err(Refusal::NoToken));
        assert_eq!(read(&[b"Bearer a.b.c", b"Bearer a.b.c"]), Err(Refusal::NotOneBearer));
        for value in ["", "Bearer", "Bearer ", "Bearer   ", "a.b.c", "Basic a.b.c", "Bearer\ta.b.c", "Bearera.b.c"] {
            assert_eq!(read(&[value.as_bytes()]), Err(Refusal::NotOneBearer), "{value:?}");
        }
        assert_eq!(read(&[b"Bearer \xff.b.c"]), Err(Refusal::NotOneBearer));
    }

    #[test]
    fn a_token_of_8_kib_passes_and_one_byte_more_does_not() {
        let fits = format!("Bearer {}", "x".repeat(MAX_TOKEN_BYTES));
        assert_eq!(read(&[fits.as_bytes()]).map(|token| token.len()), Ok(8192));
        assert_eq!(read(&[format!("{fits}x").as_bytes()]), Err(Refusal::TooLarge));
    }
}
