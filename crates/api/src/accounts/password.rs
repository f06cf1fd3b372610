//! What a password must be, and the form in which it is hashed.

use secrets::password::PasswordError;
use secrets::{ExposeSecret, Secret};
use store::Credentials;
use unicode_normalization::UnicodeNormalization;

use crate::{Api, Problem};

/// Fewest characters. Length is the only rule: others make passwords guessable.
const MIN_CHARS: usize = 12;
/// Most characters, so that hashing has a bounded input.
const MAX_CHARS: usize = 128;

/// The form that is hashed: Unicode NFC, because keyboards differ in how they compose the same letters.
pub(crate) fn normal(password: &Secret) -> Secret {
    Secret::from(password.expose_secret().nfc().collect::<String>())
}

/// Says what is wrong with a new password for `email`, if anything.
pub(crate) fn fault(password: &Secret, email: &str) -> Option<&'static str> {
    let text = password.expose_secret();
    match text.chars().count() {
        count if count < MIN_CHARS => return Some("a password has at least 12 characters"),
        count if count > MAX_CHARS => return Some("a password has at most 128 characters"),
        _ => {}
    }
    let bare = text.trim().to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    let repeats = !local.is_empty() && bare.replace(email, "").replace(local, "").trim().is_empty();
    (repeats || bare == email).then_some("a password is not the email address")
}

/// Hashes a password anew that was right, but whose hash was made with parameters of the past. Whoever signs in while
/// the hashers are busy keeps the old hash until the next time.
pub(super) async fn renew(api: &Api, known: &Credentials, given: Secret) -> Result<(), Problem> {
    match secrets::password::hash(&api.parts().workers, given).await {
        Ok(fresh) => Ok(api.store().rehash_password(known.user, &known.password_hash, &fresh).await?),
        Err(PasswordError::Busy) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(text: &str) -> bool {
        fault(&Secret::from(text), "alice@example.com").is_none()
    }

    #[test]
    fn sec_31_length_is_counted_in_characters_and_bounded_both_ways() {
        assert!(!accepted("elevenchars"));
        assert!(accepted("twelve chars"));
        assert!(accepted(&"ö".repeat(128)));
        assert!(!accepted(&"ö".repeat(129)));
    }

    #[test]
    fn the_address_alone_is_no_password() {
        for text in ["alice@example.com", " Alice@Example.com ", "alicealicealice"] {
            assert!(!accepted(text), "{text}");
        }
        assert!(accepted("alice@example.com and a horse"));
    }

    #[test]
    fn sec_31_composed_and_decomposed_letters_are_one_password() {
        let normal = |text: &str| normal(&Secret::from(text)).expose_secret().to_owned();
        assert_eq!(normal("e\u{301}"), normal("\u{e9}"));
    }
}
