//! Segment files: `00000001.seg`, `00000002.seg`, … written once, shipped, deleted.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::record::FORMAT;

/// A segment found on disk.
pub(super) struct Found {
    pub(super) number: u64,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
}

impl Found {
    /// Whether this version can read it. One cut off inside its first bytes holds nothing that could be misread.
    pub(super) fn is_ours(&self) -> bool {
        let mut head = Vec::new();
        let read =
            File::open(&self.path).and_then(|file| file.take(FORMAT.len() as u64).read_to_end(&mut head));
        read.is_ok() && FORMAT.starts_with(&head)
    }
}

/// All segments of a folder, oldest first.
pub(super) fn list(dir: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_suffix(".seg")).and_then(|name| name.parse().ok());
        if let Some(number) = number {
            found.push(Found { number, path: entry.path(), bytes: entry.metadata()?.len() });
        }
    }
    found.sort_by_key(|segment| segment.number);
    Ok(found)
}

fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:08}.seg"))
}

/// The segment being written.
pub(super) struct Writer {
    file: File,
    number: u64,
    bytes: u64,
}

impl Writer {
    pub(super) fn create(dir: &Path, number: u64) -> io::Result<Self> {
        let mut file = File::options().create_new(true).append(true).open(path(dir, number))?;
        file.write_all(&FORMAT)?;
        // A new name is durable only once its folder is.
        File::open(dir)?.sync_all()?;
        Ok(Self { file, number, bytes: FORMAT.len() as u64 })
    }

    /// Begins the next segment; the old one is on disk before the new one exists.
    pub(super) fn rotate(&mut self, dir: &Path) -> io::Result<()> {
        self.file.sync_data()?;
        *self = Self::create(dir, self.number + 1)?;
        Ok(())
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}
