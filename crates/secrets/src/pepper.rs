//! The pepper: what makes a copy of the database useless to whoever wants to try tokens against it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{Key, TokenDigest};

/// Turns a token's digest into the verifier that the database stores. Only the control plane has one.
#[derive(Debug)]
pub struct Pepper(Key);

impl Pepper {
    /// A pepper of this key.
    #[must_use]
    pub const fn new(key: Key) -> Self {
        Self(key)
    }

    /// HMAC-SHA-256 of the digest under the pepper. Tokens have more than 160 random bits, so a slow hash would add
    /// cost and nothing else. Look the verifier up by equality in an index: whoever can choose it would first have
    /// to know the pepper, so the comparison's timing says nothing.
    #[must_use]
    pub fn verifier(&self, digest: &TokenDigest) -> [u8; 32] {
        hmac(self.0.bytes(), digest.as_bytes())
    }
}

/// HMAC-SHA-256.
pub(crate) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC fills a key up to the hash's block with zeros; done here, no length is left that could be wrong.
    let mut block = Zeroizing::new([0_u8; 64]);
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token;

    #[test]
    fn sec_30_a_verifier_depends_on_the_token_and_on_the_pepper() {
        let (pepper, other) = (Pepper::new(Key::from_bytes([1; 32])), Pepper::new(Key::from_bytes([2; 32])));
        let digest = token::digest("plt_a");
        assert_eq!(pepper.verifier(&digest), pepper.verifier(&token::digest("plt_a")));
        assert_ne!(pepper.verifier(&digest), other.verifier(&digest));
        assert_ne!(pepper.verifier(&digest), pepper.verifier(&token::digest("plt_b")));
        assert_ne!(&pepper.verifier(&digest), digest.as_bytes());
    }

    #[test]
    fn the_mac_is_the_standard_one() {
        // RFC 4231, test case 1 with the key padded by zeros to a block, which HMAC does itself.
        let mut key = [0_u8; 32];
        key[..20].fill(0x0b);
        assert_eq!(hmac(&key, b"Hi There")[..4], [0xb0, 0x34, 0x4c, 0x61]);
    }
}
