//! The installation's keys: 32 random bytes each, kept as hexadecimal text in files that only their owner may write
//! and outsiders may not read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rand::CryptoRng;
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

/// Bytes in a key.
pub const KEY_BYTES: usize = 32;
/// Largest key file that is read: the key as hexadecimal text, and room for white space around it.
const MAX_FILE_BYTES: u64 = 1024;
/// Permission bits a key file must not have: anything for others; writing and executing for the group. Reading by
/// the group stays possible because container platforms mount secrets that way.
const FORBIDDEN_MODE: u32 = 0o037;

/// 32 secret bytes. Neither prints nor serialises; wiped when dropped.
#[derive(Debug)]
pub struct Key(SecretBox<[u8; KEY_BYTES]>);

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// A fresh key.
    #[must_use]
    pub fn generate(random: &mut impl CryptoRng) -> Self {
        Self(SecretBox::init_with_mut(|bytes: &mut [u8; KEY_BYTES]| random.fill_bytes(bytes)))
    }

    /// Reads 64 hexadecimal digits; white space around them is ignored.
    ///
    /// # Errors
    /// [`MalformedKey`] for anything else; it does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, MalformedKey> {
        let digits = text.trim().as_bytes();
        let (pairs, rest) = digits.as_chunks::<2>();
        if pairs.len() != KEY_BYTES || !rest.is_empty() {
            return Err(MalformedKey);
        }
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Ok(Self::from_bytes(*bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        self.0.expose_secret()
    }

    /// The text that [`Key::parse`] reads.
    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_BYTES + 1));
        for byte in self.bytes() {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or_default());
            }
        }
        text.push('\n');
        text
    }
}

fn nibble(digit: u8) -> Result<u8, MalformedKey> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).ok_or(MalformedKey)
}

/// Text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hexadecimal digits (32 bytes), for example from `openssl rand -hex 32`")]
pub struct MalformedKey;

/// Which key. Each role of the server reads only those it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyName {
    /// Turns token digests into the verifiers that the database holds. Control plane only.
    Pepper,
    /// Signs people's access tokens. Control plane only.
    Jwt,
    /// Seals upstream credentials and MCP session ids. Control plane and gateways.
    Seal,
    /// Signs the tokens that gateways show to the control plane. Control plane and gateways.
    Node,
}

impl KeyName {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pepper, Self::Jwt, Self::Seal, Self::Node];

    /// The file's name inside the key directory.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Pepper => "pepper.key",
            Self::Jwt => "jwt.key",
            Self::Seal => "seal.key",
            Self::Node => "node.key",
        }
    }

    /// Reads this key from its file in `directory`.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn read(self, directory: &Path) -> Result<Key, KeyError> {
        read(&directory.join(self.file_name()))
    }

    /// Reads this key, or makes it (and `directory`, mode 0700) when there is no such file yet. Safe to run in
    /// several processes at once: one of them makes the file, whole, and all of them read the same key.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn read_or_create(self, directory: &Path, random: &mut impl CryptoRng) -> Result<Key, KeyError> {
        let path = directory.join(self.file_name());
        match read(&path) {
            Err(KeyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            read => return read,
        }
        create(directory, &path, &Key::generate(random), random.next_u64())
            .map_err(|source| KeyError::Io { path: path.clone(), source })?;
        read(&path)
    }
}

/// All keys of an installation, for the roles that need every one.
#[derive(Debug)]
pub struct Keys {
    /// See [`KeyName::Pepper`].
    pub pepper: Key,
    /// See [`KeyName::Jwt`].
    pub jwt: Key,
    /// See [`KeyName::Seal`].
    pub seal: Key,
    /// See [`KeyName::Node`].
    pub node: Key,
}

impl Keys {
    /// Reads the four key files of `directory`, making those that are missing.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn read_or_create(directory: &Path, random: &mut impl CryptoRng) -> Result<Self, KeyError> {
        Ok(Self {
            pepper: KeyName::Pepper.read_or_create(directory, random)?,
            jwt: KeyName::Jwt.read_or_create(directory, random)?,
            seal: KeyName::Seal.read_or_create(directory, random)?,
            node: KeyName::Node.read_or_create(directory, random)?,
        })
    }
}

/// Why a key could not be had. Never holds the key's text.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file could not be read or made.
    #[error("key file {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file may be read by others, or written by the group.
    #[error("key file {} has mode {mode:o}; take away the access of others: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds no key.
    #[error("key file {}: {source}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What is expected.
        source: MalformedKey,
    },
}

fn read(path: &Path) -> Result<Key, KeyError> {
    let io = |source| KeyError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io)?;
    let mode = file.metadata().map_err(io)?.permissions().mode() & 0o777;
    if mode & FORBIDDEN_MODE != 0 {
        return Err(KeyError::Exposed { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_FILE_BYTES).read_to_string(&mut text).map_err(io)?;
    Key::parse(&text).map_err(|source| KeyError::Malformed { path: path.to_owned(), source })
}

/// Writes the key under another name and links it to its own, so that the file appears whole or not at all and one
/// that exists is never replaced.
fn create(directory: &Path, path: &Path, key: &Key, unique: u64) -> io::Result<()> {
    if !directory.exists() {
        fs::create_dir_all(directory)?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    let draft = path.with_extension(format!("{unique:016x}.new"));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let linked = file
        .write_all(key.text().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(directory)?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keys_are_made_once_private_and_stay_the_same() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("keys");
        let first = Keys::read_or_create(&directory, &mut rand::rng()).unwrap();
        let second = Keys::read_or_create(&directory, &mut rand::rng()).unwrap();
        assert_eq!(first.seal.bytes(), second.seal.bytes());
        assert_ne!(first.seal.bytes(), first.jwt.bytes());
        assert_eq!(mode(&directory), 0o700);
        for name in KeyName::ALL {
            assert_eq!(mode(&directory.join(name.file_name())), 0o600);
        }
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 4, "no drafts are left behind");
    }

    #[test]
    fn processes_that_start_together_agree_on_one_key() {
        let root = tempfile::tempdir().unwrap();
        let keys: Vec<Key> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| KeyName::Seal.read_or_create(root.path(), &mut rand::rng()).unwrap()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key.bytes() == keys[0].bytes()));
    }

    #[test]
    fn a_key_file_open_to_others_or_without_a_key_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(KeyName::Jwt.file_name());
        let put = |text: &str, mode: u32| {
            // Anew each time: what is there may not be writable.
            let _ = fs::remove_file(&path);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            KeyName::Jwt.read(root.path())
        };
        let good = "a5".repeat(32);
        assert!(put(&good, 0o600).is_ok());
        assert!(put(&format!(" {} \n", good.to_uppercase()), 0o440).is_ok());
        assert!(matches!(put(&good, 0o644), Err(KeyError::Exposed { .. })));
        assert!(matches!(put(&good, 0o620), Err(KeyError::Exposed { .. })));
        for bad in
            ["", "a5", &"a5".repeat(33), &format!("{}a", "a5".repeat(32)), &"+5".repeat(32), &"ä".repeat(32)]
        {
            let error = put(bad, 0o600).unwrap_err();
            assert!(matches!(error, KeyError::Malformed { .. }), "{bad}");
            assert!(error.to_string().contains("64 hexadecimal digits"));
        }
    }

    #[test]
    fn a_key_does_not_print() {
        let key = Key::from_bytes([0xAB; KEY_BYTES]);
        let shown = format!("{key:?}").to_lowercase();
        assert!(!shown.contains("ab") && !shown.contains("171"), "{shown}");
        assert_eq!(Key::parse(&key.text()).unwrap().bytes(), key.bytes());
    }
}
