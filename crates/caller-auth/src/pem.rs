//! Public keys out of PEM text.

use rustls::pki_types::pem::{PemObject, SectionKind};

use crate::config::KeyConfig;
use crate::key::Key;

/// The one public key of the text. Comments around it are fine; a second key, a certificate or a private key is not:
/// a private key has no business on a machine that only verifies.
pub(crate) fn key(config: &KeyConfig) -> Result<Key, String> {
    let sections = <(SectionKind, Vec<u8>)>::pem_slice_iter(config.pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| "cannot be read as PEM".to_owned())?;
    if sections.iter().any(|(kind, _)| is_private(*kind)) {
        return Err("holds a private key; give the public key only (openssl pkey -pubout)".to_owned());
    }
    let [(SectionKind::PublicKey, der)] = sections.as_slice() else {
        return Err("must hold exactly one PUBLIC KEY section in PEM (openssl pkey -pubin)".to_owned());
    };
    Key::from_public_der(Some(config.kid.clone()), config.algorithm, der)
}

fn is_private(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey)
}
