//! Opaque tokens: `plt_`, 30 random base62 characters (178 bits) and 6 of checksum. The prefix lets secret scanners
//! find one that leaked; the checksum lets a mistyped one be refused without looking anything up.

use std::fmt;
use std::str::FromStr;

use rand::CryptoRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Secret;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Prefix and underscore.
const PREFIX_CHARS: usize = 4;
/// log2(62^30) = 178 bits.
const RANDOM_CHARS: usize = 30;
/// 62^6 exceeds 2^32, so six characters hold a CRC32.
const CHECKSUM_CHARS: usize = 6;
/// Length of every token, in bytes.
pub const TOKEN_CHARS: usize = PREFIX_CHARS + RANDOM_CHARS + CHECKSUM_CHARS;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Proves an identity to the gateway.
    Grant,
    /// Renews a person's sign-in.
    Refresh,
    /// Confirms an email address.
    Verify,
    /// Sets a new password.
    Reset,
    /// Invites to an organisation.
    Invite,
    /// Proves a program to the control plane.
    Key,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Grant, Self::Refresh, Self::Verify, Self::Reset, Self::Invite, Self::Key];

    /// Text before the underscore.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Grant => "plt",
            Self::Refresh => "plr",
            Self::Verify => "plv",
            Self::Reset => "plp",
            Self::Invite => "pli",
            Self::Key => "plk",
        }
    }
}

/// Makes a token. Show it once and store only what [`crate::Pepper::verifier`] makes of its [`digest`].
#[must_use]
pub fn mint(kind: TokenKind, random: &mut impl CryptoRng) -> Secret {
    // Full capacity from the start: a string that grows leaves copies of itself behind.
    let mut text = Zeroizing::new(String::with_capacity(TOKEN_CHARS));
    text.push_str(kind.prefix());
    text.push('_');
    while text.len() < PREFIX_CHARS + RANDOM_CHARS {
        let mut bytes = Zeroizing::new([0_u8; RANDOM_CHARS]);
        random.fill_bytes(bytes.as_mut());
        // Six bits pick from 64; the two values beyond the alphabet are dropped, so that no character is favoured.
        let picked = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 63)));
        let missing = PREFIX_CHARS + RANDOM_CHARS - text.len();
        text.extend(picked.take(missing).map(|c| char::from(*c)));
    }
    let checksum = checksum(text.as_bytes());
    text.extend(checksum.map(char::from));
    Secret::from(text.as_str())
}

/// A token whose form and checksum are right. Whether anybody issued it is for the database to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// What it is for.
    pub kind: TokenKind,
    /// By what it is looked up.
    pub digest: TokenDigest,
}

/// Text that is no token of ours. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Another length, prefix or alphabet.
    #[error("not a token: expected plt_, or another prefix of ours, and 36 letters and digits")]
    Form,
    /// The last six characters do not fit the others: mistyped or cut.
    #[error("the token's checksum is wrong: it was mistyped or cut off; copy it again, whole")]
    Checksum,
}

/// Checks a token's form and checksum, without looking anything up.
///
/// # Errors
/// See [`TokenError`].
pub fn check(text: &str) -> Result<Parsed, TokenError> {
    let (rest, sum) = text.as_bytes().split_last_chunk::<CHECKSUM_CHARS>().ok_or(TokenError::Form)?;
    let (prefix, secret) = text.split_once('_').ok_or(TokenError::Form)?;
    let kind = TokenKind::ALL.into_iter().find(|kind| kind.prefix() == prefix).ok_or(TokenError::Form)?;
    if text.len() != TOKEN_CHARS || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(TokenError::Form);
    }
    if !bool::from(checksum(rest).ct_eq(sum)) {
        return Err(TokenError::Checksum);
    }
    Ok(Parsed { kind, digest: digest(text) })
}

/// CRC32 in base62, most significant first.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_CHARS] {
    let mut rest = crc32fast::hash(bytes);
    let mut text = [b'0'; CHECKSUM_CHARS];
    for place in text.iter_mut().rev() {
        *place = ALPHABET.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    text
}

/// SHA-256 of a token's text: all that a gateway keeps or sends of it. Does not reveal the token and is not accepted
/// in place of one. Compared in constant time.
#[derive(Clone, Copy, Eq)]
pub struct TokenDigest([u8; 32]);

/// The digest of a token's text.
#[must_use]
pub fn digest(text: &str) -> TokenDigest {
    TokenDigest(Sha256::digest(text.as_bytes()).into())
}

impl TokenDigest {
    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TokenDigest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}
impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}
impl std::hash::Hash for TokenDigest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
/// 64 lower-case hexadecimal digits.
impl fmt::Display for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
/// The first eight digits: enough to recognise it in a log.
impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, ..] = self.0;
        write!(f, "TokenDigest({a:02x}{b:02x}{c:02x}{d:02x}…)")
    }
}
impl FromStr for TokenDigest {
    type Err = MalformedDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut bytes = [0_u8; 32];
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(MalformedDigest);
        }
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            let value = |digit: u8| match digit {
                b'0'..=b'9' => Ok(digit - b'0'),
                b'a'..=b'f' => Ok(digit - b'a' + 10),
                _ => Err(MalformedDigest),
            };
            let [high, low] = *pair;
            *byte = value(high)? << 4 | value(low)?;
        }
        Ok(Self(bytes))
    }
}

/// Text that is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a token digest is 64 lower-case hexadecimal digits")]
pub struct MalformedDigest;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn sec_30_a_minted_token_checks_out_as_its_own_kind() {
        for kind in TokenKind::ALL {
            let token = mint(kind, &mut rand::rng());
            let text = token.expose_secret();
            assert_eq!(text.len(), TOKEN_CHARS);
            assert_eq!(check(text), Ok(Parsed { kind, digest: digest(text) }));
            assert!(!format!("{token:?}").contains(&text[4..]));
        }
    }

    #[test]
    fn sec_30_every_single_changed_character_is_found_without_a_look_up() {
        let token = mint(TokenKind::Grant, &mut rand::rng());
        let text = token.expose_secret();
        for place in 0..text.len() {
            for &other in ALPHABET.iter().chain(b"_- \n\0") {
                let mut changed = text.as_bytes().to_vec();
                if changed[place] != other {
                    changed[place] = other;
                    assert!(check(std::str::from_utf8(&changed).unwrap()).is_err(), "place {place}");
                }
            }
        }
    }

    #[test]
    fn sec_30_text_of_another_form_is_refused() {
        let token = mint(TokenKind::Grant, &mut rand::rng());
        let text = token.expose_secret();
        let cut = &text[..39];
        let wide = format!("plt_{}", "é".repeat(18));
        for bad in
            ["", "_", "plt_", cut, &format!("{text}0"), &format!(" {text}"), &text.to_uppercase(), &wide]
        {
            assert_eq!(check(bad), Err(TokenError::Form), "{bad}");
        }
        assert_eq!(check(&format!("plt_{}", "0".repeat(36))), Err(TokenError::Checksum));
    }

    #[test]
    fn sec_30_characters_are_drawn_evenly_and_tokens_differ() {
        let mut counts = [0_u32; 128];
        let mut seen = HashSet::new();
        let mut random = rand::rng();
        for _ in 0..4_000 {
            let token = mint(TokenKind::Grant, &mut random);
            token.expose_secret()[4..34].bytes().for_each(|byte| counts[usize::from(byte)] += 1);
            assert!(seen.insert(token.expose_secret().to_owned()));
        }
        // 120,000 draws over 62: mean 1,935, standard deviation 44. Bias by a plain modulo would be 25 %.
        let drawn: Vec<u32> = counts.into_iter().filter(|count| *count > 0).collect();
        assert_eq!(drawn.len(), 62);
        assert!(drawn.iter().all(|count| (1_650..2_220).contains(count)), "{drawn:?}");
    }

    #[test]
    fn a_digest_survives_its_text_form_and_prints_only_its_beginning() {
        let digest = digest("plt_x");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert!(format!("{digest:?}").len() < 32);
        for bad in ["", "ab", &digest.to_string().to_uppercase(), &format!("{digest}00"), &"é".repeat(32)] {
            assert_eq!(bad.parse::<TokenDigest>(), Err(MalformedDigest), "{bad}");
        }
    }
}
