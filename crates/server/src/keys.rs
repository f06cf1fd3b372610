//! Where keys come from: files in one folder, of which each role reads only its own.

use std::path::{Path, PathBuf};

use anyhow::Context;
use secrets::{Key, KeyName, Keys};

/// The folder of key files: `--keys-dir`, or `keys` in the data folder.
pub(crate) fn directory(given: Option<&Path>, data_dir: &Path) -> PathBuf {
    given.map_or_else(|| data_dir.join("keys"), Path::to_owned)
}

/// All four keys of the control plane, made on the first start.
pub(crate) fn all(directory: &Path) -> anyhow::Result<Keys> {
    Keys::read_or_create(directory, &mut rand::rng())
        .with_context(|| format!("keys in {}", directory.display()))
}

/// One key that must exist already.
pub(crate) fn one(name: KeyName, directory: &Path) -> anyhow::Result<Key> {
    name.read(directory).with_context(|| {
        format!("{} in {}, a copy of the control plane's", name.file_name(), directory.display())
    })
}
