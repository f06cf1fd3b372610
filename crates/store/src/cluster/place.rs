//! The directory of a cluster: who holds it, what is in it, and where the parts go that cannot be in it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::{ClusterError, Durability, Options};

/// Where root's clusters go whose own directory the server's user cannot enter.
const SYSTEM_STATE: &str = "/var/lib/policylayer";
/// Longest socket path; systems allow 104 to 108 bytes.
const SOCKET_PATH_MAX: usize = 100;
/// The file name Postgres gives its socket.
const SOCKET_NAME: &str = ".s.PGSQL.5432";
/// A log larger than this is set aside at the next start.
const LOG_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// How much of the log an error shows.
const LOG_TAIL_BYTES: u64 = 2048;
/// How long, and how often, a lock that somebody holds is tried.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
const LOCK_RETRY: Duration = Duration::from_millis(10);

/// A cluster's directory, held by this process until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    /// What the server's user owns.
    pub(super) base: PathBuf,
    /// Postgres's data directory.
    pub(super) data: PathBuf,
    /// Where the socket is.
    pub(super) socket_dir: PathBuf,
    /// The server's log.
    pub(super) log: PathBuf,
    /// Removed when the server has ended.
    pub(super) remove_after: Option<PathBuf>,
    _lock: File,
}

impl Place {
    /// Makes the directories and takes the lock.
    pub(super) fn prepare(options: &Options, account: &Account) -> Result<Self, ClusterError> {
        fs::create_dir_all(&options.dir).map_err(ClusterError::io("make", &options.dir))?;
        let dir = fs::canonicalize(&options.dir).map_err(ClusterError::io("find", &options.dir))?;
        let lock = take_lock(&dir)?;
        account.own(&dir)?;
        set_private(&dir)?;
        let base =
            if account.is_another() && !account.can_enter(&dir) { elsewhere(&dir, account)? } else { dir };
        let (socket_dir, scratch) = socket_dir(&base, account)?;
        let remove_after = match options.durability {
            Durability::Kept => scratch,
            Durability::Throwaway => Some(base.clone()),
        };
        Ok(Self {
            data: base.join("data"),
            log: base.join("server.log"),
            base,
            socket_dir,
            remove_after,
            _lock: lock,
        })
    }

    /// The major version that made the data; `None` when there is none yet.
    pub(super) fn data_version(&self) -> Result<Option<u32>, ClusterError> {
        let file = self.data.join("PG_VERSION");
        match fs::read_to_string(&file) {
            Ok(version) => version
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| ClusterError::NotACluster { dir: self.data.clone() }),
            Err(error) if error.kind() == ErrorKind::NotFound && !self.data.exists() => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(ClusterError::NotACluster { dir: self.data.clone() })
            }
            Err(error) => Err(ClusterError::io("read", &file)(error)),
        }
    }

    /// The log, open for appending; a long one is set aside first.
    pub(super) fn open_log(&self) -> Result<File, ClusterError> {
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > LOG_MAX_BYTES) {
            fs::rename(&self.log, self.base.join("server.log.1"))
                .map_err(ClusterError::io("rename", &self.log))?;
        }
        OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.log)
            .map_err(ClusterError::io("open", &self.log))
    }

    /// The last lines of the log.
    pub(super) fn log_tail(&self) -> String {
        let read = || {
            let mut log = File::open(&self.log)?;
            let start = log.metadata()?.len().saturating_sub(LOG_TAIL_BYTES);
            log.seek(SeekFrom::Start(start))?;
            let mut tail = Vec::new();
            log.read_to_end(&mut tail)?;
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&tail).into_owned())
        };
        read().unwrap_or_else(|error| format!("(the log {} cannot be read: {error})", self.log.display()))
    }
}

/// The lock goes with the process that holds it, however that ends. A child that the process was just making holds a copy
/// until it runs its own program, so a lock that is taken is tried again for [`LOCK_PATIENCE`].
fn take_lock(dir: &Path) -> Result<File, ClusterError> {
    let path = dir.join("lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(ClusterError::io("open", &path))?;
    let give_up = Instant::now() + LOCK_PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if Instant::now() < give_up => thread::sleep(LOCK_RETRY),
            Err(TryLockError::WouldBlock) => return Err(ClusterError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(ClusterError::io("lock", &path)(error)),
        }
    }
}

/// A directory for root's cluster whose own one lies behind doors closed to the server's user, such as `/root`.
/// Always the same one for the same directory; a note is left there for people who look for their data.
fn elsewhere(dir: &Path, account: &Account) -> Result<PathBuf, ClusterError> {
    if dir.join("data").exists() {
        return Err(ClusterError::Unreachable { dir: dir.to_owned() });
    }
    let name = dir.to_string_lossy().trim_matches('/').replace('/', "-");
    let base = Path::new(SYSTEM_STATE).join(name);
    fs::create_dir_all(&base).map_err(ClusterError::io("make", &base))?;
    account.own(&base)?;
    set_private(&base)?;
    let note = dir.join("location");
    fs::write(&note, format!("{}\n", base.display())).map_err(ClusterError::io("write", &note))?;
    tracing::info!(data = %base.display(), "the private database's user cannot enter {}", dir.display());
    Ok(base)
}

/// The socket's directory, and whether it is one to be removed afterwards.
fn socket_dir(base: &Path, account: &Account) -> Result<(PathBuf, Option<PathBuf>), ClusterError> {
    let inside = base.join("run");
    if inside.join(SOCKET_NAME).as_os_str().len() <= SOCKET_PATH_MAX {
        fs::create_dir_all(&inside).map_err(ClusterError::io("make", &inside))?;
        account.own(&inside)?;
        set_private(&inside)?;
        return Ok((inside, None));
    }
    let scratch = fresh_scratch()?;
    account.own(&scratch)?;
    Ok((scratch.clone(), Some(scratch)))
}

/// A short directory that did not exist before, for nobody but us.
fn fresh_scratch() -> Result<PathBuf, ClusterError> {
    let mut attempt = 0;
    loop {
        let dir = PathBuf::from(format!("/tmp/policylayer-{}-{attempt}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&dir) {
            Ok(()) => return Ok(dir),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
            Err(error) => return Err(ClusterError::io("make", &dir)(error)),
        }
    }
}

fn set_private(dir: &Path) -> Result<(), ClusterError> {
    fs::set_permissions(dir, Permissions::from_mode(0o700))
        .map_err(ClusterError::io("change the permissions of", dir))
}
