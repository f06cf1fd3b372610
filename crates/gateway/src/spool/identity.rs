//! What a spool folder is known by, over all processes that use it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use uuid::{Builder, Uuid};

/// The file that keeps it.
const FILE: &str = "identity";

/// A folder, and one use of it.
pub(super) struct Identity {
    pub(super) id: Uuid,
    pub(super) boot: u64,
}

impl Identity {
    /// The folder's id, made when there is none, and a number above that of every earlier use.
    pub(super) fn next(dir: &Path, now_ms: u64) -> io::Result<Self> {
        let path = dir.join(FILE);
        let kept = match std::fs::read_to_string(&path) {
            Ok(text) => Some(Self::read(&text).ok_or_else(|| {
                let advice = "is damaged; if the folder was copied or restored, remove that file";
                io::Error::new(io::ErrorKind::InvalidData, format!("{} {advice}", path.display()))
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let next = match kept {
            Some(Self { id, boot }) => Self { id, boot: now_ms.max(boot.saturating_add(1)) },
            None => Self { id: Builder::from_random_bytes(rand::random()).into_uuid(), boot: now_ms },
        };
        let fresh = dir.join("identity.new");
        let mut file = File::create(&fresh)?;
        writeln!(file, "{} {}", next.id, next.boot)?;
        file.sync_all()?;
        std::fs::rename(&fresh, &path)?;
        File::open(dir)?.sync_all()?;
        Ok(next)
    }

    fn read(text: &str) -> Option<Self> {
        let (id, boot) = text.trim_end().split_once(' ')?;
        Some(Self { id: id.parse().ok()?, boot: boot.parse().ok()? })
    }
}
