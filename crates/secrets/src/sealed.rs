//! Sealing: XChaCha20-Poly1305 under a key that is derived from the seal key, one for each purpose.
//!
//! A sealed value is base64url text without padding of: format byte, key id (4 bytes), nonce (24 bytes), ciphertext
//! and tag. It opens only for the purpose and with the associated data that it was sealed with, so one that is moved to
//! another row, organisation or use does not open. The key id names the key, so that keys can be rotated by keeping
//! the old one for opening.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::CryptoRng;
use zeroize::{Zeroize, Zeroizing};

use crate::Key;
use crate::pepper::hmac;

const FORMAT: u8 = 1;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;
/// Longest plaintext, in bytes: far beyond any header set or session id, and as much of a call as a person can judge.
pub const MAX_PLAINTEXT: usize = 64 * 1024;

/// What is sealed. Each purpose has a key of its own, so that what was sealed for one never opens for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Headers with credentials, sent to upstream servers.
    UpstreamHeaders,
    /// MCP session ids that clients carry for us.
    McpSession,
    /// Calls that wait for approval.
    ParkedCall,
    /// Argument values in audit records.
    Arguments,
    /// Answers of the control plane that may be asked for again.
    Answer,
}

impl Purpose {
    /// Changing a label makes everything sealed under it unreadable.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::UpstreamHeaders => b"policylayer seal 1: upstream headers",
            Self::McpSession => b"policylayer seal 1: mcp session",
            Self::ParkedCall => b"policylayer seal 1: parked call",
            Self::Arguments => b"policylayer seal 1: arguments",
            Self::Answer => b"policylayer seal 1: answer",
        }
    }
}

/// Seals and opens values of one [`Purpose`]. Make it once and share it; sealing a short value takes about a
/// microsecond.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
    key_id: [u8; KEY_ID_BYTES],
    fingerprints: Zeroizing<[u8; 32]>,
}

impl Sealer {
    /// A sealer for `purpose`, under a key derived from `key` by HMAC-SHA-256.
    #[must_use]
    pub fn new(key: &Key, purpose: Purpose) -> Self {
        let derived = Zeroizing::new(hmac(key.bytes(), purpose.label()));
        let [a, b, c, d, ..] = hmac(&derived, b"key id");
        let cipher = XChaCha20Poly1305::new((&*derived).into());
        let fingerprints = Zeroizing::new(hmac(&derived, b"fingerprints"));
        Self { cipher, key_id: [a, b, c, d], fingerprints }
    }

    /// Tells texts of this purpose apart, by HMAC-SHA-256 under a key derived from the sealer's: equal texts have equal
    /// fingerprints, and without the key neither can be found from the other.
    #[must_use]
    pub fn fingerprint(&self, text: &[u8]) -> [u8; 32] {
        hmac(&self.fingerprints, text)
    }

    /// Seals `plaintext`, bound to `aad` (what it is and whom it belongs to, for example
    /// `model::SealedHeaders::context`).
    ///
    /// # Errors
    /// [`SealError::TooLong`] beyond [`MAX_PLAINTEXT`] bytes.
    pub fn seal(
        &self,
        plaintext: &[u8],
        aad: &[u8],
        random: &mut impl CryptoRng,
    ) -> Result<String, SealError> {
        if plaintext.len() > MAX_PLAINTEXT {
            return Err(SealError::TooLong);
        }
        let mut nonce = [0_u8; NONCE_BYTES];
        random.fill_bytes(&mut nonce);
        let mut sealed = Vec::with_capacity(HEAD_BYTES + plaintext.len() + TAG_BYTES);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.key_id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plaintext);
        let text = sealed.get_mut(HEAD_BYTES..).unwrap_or_default();
        match self.cipher.encrypt_inout_detached(&XNonce::from(nonce), aad, text.into()) {
            Ok(tag) => sealed.extend_from_slice(&tag),
            Err(_) => {
                sealed.zeroize();
                return Err(SealError::TooLong);
            }
        }
        Ok(BASE64_URL_SAFE_NO_PAD.encode(&sealed))
    }

    /// Opens what [`Sealer::seal`] made with the same key, purpose and `aad`.
    ///
    /// # Errors
    /// [`OpenError::Form`], [`OpenError::UnknownKey`] or [`OpenError::Refused`].
    pub fn open(&self, sealed: &str, aad: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| OpenError::Form)?;
        let (&[FORMAT], rest) = bytes.split_first_chunk::<1>().ok_or(OpenError::Form)? else {
            return Err(OpenError::Form);
        };
        let (key_id, rest) = rest.split_first_chunk::<KEY_ID_BYTES>().ok_or(OpenError::Form)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(OpenError::Form)?;
        let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(OpenError::Form)?;
        if *key_id != self.key_id {
            return Err(OpenError::UnknownKey);
        }
        let mut text = Zeroizing::new(text.to_vec());
        self.cipher
            .decrypt_inout_detached(&XNonce::from(*nonce), aad, text.as_mut_slice().into(), tag.into())
            .map_err(|_| OpenError::Refused)?;
        Ok(text)
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Why a value was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Longer than [`MAX_PLAINTEXT`].
    #[error("the value is too long to seal: at most {MAX_PLAINTEXT} bytes")]
    TooLong,
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Not a sealed value of a format this build knows.
    #[error("not a sealed value")]
    Form,
    /// Sealed under another key or for another purpose.
    #[error(
        "sealed under another key; the seal key has been replaced, or this value was sealed for something else"
    )]
    UnknownKey,
    /// Changed since it was sealed, or moved to where it does not belong.
    #[error("the sealed value was changed, or moved from where it was sealed")]
    Refused,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(key: u8, purpose: Purpose) -> Sealer {
        Sealer::new(&Key::from_bytes([key; 32]), purpose)
    }

    #[test]
    fn what_was_sealed_opens_again_and_never_looks_the_same() {
        let sealer = sealer(1, Purpose::UpstreamHeaders);
        for plain in [&b""[..], b"{\"Authorization\":\"Bearer canary\"}", &[0xFF; MAX_PLAINTEXT]] {
            let one = sealer.seal(plain, b"org|server", &mut rand::rng()).unwrap();
            let two = sealer.seal(plain, b"org|server", &mut rand::rng()).unwrap();
            assert_ne!(one, two);
            assert_eq!(sealer.open(&one, b"org|server").unwrap().as_slice(), plain);
            assert!(one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }
        let long = vec![0; MAX_PLAINTEXT + 1];
        assert_eq!(sealer.seal(&long, b"", &mut rand::rng()), Err(SealError::TooLong));
    }

    #[test]
    fn a_sealed_value_that_was_moved_does_not_open() {
        let headers = sealer(1, Purpose::UpstreamHeaders);
        let sealed = headers.seal(b"secret", b"org a|server", &mut rand::rng()).unwrap();
        assert_eq!(headers.open(&sealed, b"org b|server"), Err(OpenError::Refused));
        assert_eq!(headers.open(&sealed, b""), Err(OpenError::Refused));
        assert_eq!(sealer(1, Purpose::McpSession).open(&sealed, b"org a|server"), Err(OpenError::UnknownKey));
        assert_eq!(
            sealer(2, Purpose::UpstreamHeaders).open(&sealed, b"org a|server"),
            Err(OpenError::UnknownKey)
        );
    }

    #[test]
    fn a_fingerprint_depends_on_text_purpose_and_key() {
        let print = |key, purpose, text: &str| sealer(key, purpose).fingerprint(text.as_bytes());
        let one = print(1, Purpose::ParkedCall, "pay 5");
        assert_eq!(one, print(1, Purpose::ParkedCall, "pay 5"));
        for other in [
            print(1, Purpose::ParkedCall, "pay 50"),
            print(1, Purpose::McpSession, "pay 5"),
            print(2, Purpose::ParkedCall, "pay 5"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_change_of_any_bit_is_found() {
        let sealer = sealer(1, Purpose::McpSession);
        let sealed = sealer.seal(b"session", b"aad", &mut rand::rng()).unwrap();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(sealer.open(&BASE64_URL_SAFE_NO_PAD.encode(&changed), b"aad").is_err(), "bit {bit}");
        }
    }

    #[test]
    fn text_that_was_never_sealed_is_refused() {
        let sealer = sealer(1, Purpose::McpSession);
        let sealed = sealer.seal(b"", b"", &mut rand::rng()).unwrap();
        for length in 0..sealed.len() {
            assert!(sealer.open(&sealed[..length], b"").is_err());
        }
        for bad in ["", "=", "é", &format!("{sealed}="), &format!("{sealed}\n"), &format!(" {sealed}")] {
            assert_eq!(sealer.open(bad, b""), Err(OpenError::Form), "{bad}");
        }
    }

    #[test]
    fn a_sealer_does_not_print_its_key() {
        let shown = format!("{:?}", sealer(0xAB, Purpose::McpSession));
        assert!(shown.len() < 80 && shown.contains("key_id"), "{shown}");
    }
}
