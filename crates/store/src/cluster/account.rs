//! Which user the server runs as: ourselves, or, when we are root, somebody harmless.

use std::ffi::OsStr;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::ClusterError;

/// Users that root may run the server as, in order of preference.
const HARMLESS: [&str; 2] = ["postgres", "nobody"];

/// The user the server runs as.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    /// User and group, when they are not our own.
    other: Option<(u32, u32)>,
}

impl Account {
    /// Chooses the user. Data that exists already keeps its owner, so that a directory made by an ordinary user
    /// works for root too.
    pub(super) fn for_server(dir: &Path) -> Result<Self, ClusterError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { other: None });
        }
        if let Ok(data) = std::fs::metadata(dir.join("data"))
            && data.uid() != 0
        {
            return Ok(Self { other: Some((data.uid(), data.gid())) });
        }
        let other = HARMLESS.into_iter().find_map(|name| Some((id_of(name, "-u")?, id_of(name, "-g")?)));
        other.map(|ids| Self { other: Some(ids) }).ok_or(ClusterError::NoAccount)
    }

    /// True when the server runs as another user than we do.
    pub(super) const fn is_another(&self) -> bool {
        self.other.is_some()
    }

    /// A command that runs as the account, from a directory that everybody may enter, with nothing of our
    /// environment but the search path and in a process group of its own, which a terminal's Ctrl-C does not reach.
    pub(super) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env("LC_ALL", "C").process_group(0);
        for variable in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGOPTIONS"] {
            command.env_remove(variable);
        }
        if let Some((user, group)) = self.other {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives a file or directory to the account.
    pub(super) fn own(&self, path: &Path) -> Result<(), ClusterError> {
        let Some((user, group)) = self.other else { return Ok(()) };
        chown(path, Some(user), Some(group)).map_err(ClusterError::io("change the owner of", path))
    }

    /// Whether the account can enter a directory: every directory above has to let it through.
    pub(super) fn can_enter(&self, dir: &Path) -> bool {
        self.command("/bin/sh")
            .args(["-c", "cd \"$1\" 2>/dev/null", "sh"])
            .arg(dir)
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// A user's or group's number, as the system's user database has it.
fn id_of(name: &str, which: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).output().ok()?;
    let number = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| number.trim().parse().ok()).flatten()
}
