//! Secrets: how they are made, checked, sealed and kept out of sight.
//!
//! [`password`] hashes what people type, [`token`] mints and checks what programs carry, [`jwt`] signs what lives for
//! minutes, [`sealed`] encrypts what must come back, [`key`] holds the keys that all of it hangs on. Who may do what
//! with a proven secret is decided elsewhere; nothing here looks anything up.

pub mod jwt;
pub mod key;
pub mod password;
mod pepper;
pub mod sealed;
pub mod token;

pub use key::{Key, KeyError, KeyName, Keys};
pub use pepper::Pepper;
pub use secrecy::ExposeSecret;
/// Text that neither prints nor serialises and is wiped when dropped. It can be deserialised (a password in a
/// request body); reading it takes an explicit [`ExposeSecret::expose_secret`].
pub use secrecy::SecretString as Secret;
pub use token::TokenDigest;
