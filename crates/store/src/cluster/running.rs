//! A private cluster that another process runs: where to connect to it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::{NAME, url};

/// The line of Postgres's own note that names the socket's directory, counted from 0.
const SOCKET_LINE: usize = 4;

/// Where the cluster of this directory can be reached, if another process runs it now.
pub(super) fn find(dir: &Path) -> Option<String> {
    let lock = File::open(dir.join("lock")).ok()?;
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    // Root's cluster may lie elsewhere; a note tells where.
    let base = fs::read_to_string(dir.join("location"))
        .map_or_else(|_| dir.to_owned(), |path| PathBuf::from(path.trim()));
    let note = fs::read_to_string(base.join("data").join("postmaster.pid")).ok()?;
    let socket_dir = note.lines().nth(SOCKET_LINE).filter(|line| !line.is_empty())?;
    Some(url(Path::new(socket_dir), NAME))
}
