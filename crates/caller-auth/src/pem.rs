//! Keys out of PEM text.

use rustls::pki_types::pem::{PemObject, SectionKind};

/// The one public key of the text. Comments around it are fine; a second key, a certificate or a private key is not:
/// a private key has no business on a machine that only verifies.
pub(crate) fn public_der(pem: &str) -> Result<Vec<u8>, String> {
    let sections = sections(pem).ok_or("cannot be read as PEM")?;
    if sections.iter().any(|(kind, _)| is_private(*kind)) {
        return Err(
            "holds a private key; give the public key only, as `openssl pkey -in private.pem -pubout` writes it"
                .to_owned(),
        );
    }
    match <[_; 1]>::try_from(sections) {
        Ok([(SectionKind::PublicKey, der)]) => Ok(der),
        _ => Err("must hold exactly one PUBLIC KEY section in PEM; `openssl pkey -in private.pem -pubout` writes one"
            .to_owned()),
    }
}

/// The one private key of the text, in DER: PKCS#8, PKCS#1 or SEC1. Public parts and parameters may stand beside it.
pub(crate) fn private_der(pem: &str) -> Option<Vec<u8>> {
    let mut private = sections(pem)?.into_iter().filter(|(kind, _)| is_private(*kind));
    let (Some((_, der)), None) = (private.next(), private.next()) else { return None };
    Some(der)
}

/// A byte order mark, with which some editors begin a file, is no part of the text.
pub(crate) fn text(pem: &str) -> &str {
    pem.strip_prefix('\u{feff}').unwrap_or(pem)
}

fn sections(pem: &str) -> Option<Vec<(SectionKind, Vec<u8>)>> {
    let pem = text(pem);
    <(SectionKind, Vec<u8>)>::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()
}

fn is_private(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey)
}
