//! Servers of an earlier run that still work in the data directory. We hold the directory's lock, so nobody else
//! wants them: they are on their way out, or their guardian was killed and nobody told them to go.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::ClusterError;

/// How long an earlier server may take to go by itself before it is told to.
const GRACE: Duration = Duration::from_secs(5);
/// How long it may take altogether; a last checkpoint on a slow disk is part of it.
const LIMIT: Duration = Duration::from_secs(60);
/// How often to look.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until no server works in the data directory, and clears away the note that a killed one left.
pub(super) fn wait_until_gone(data: &Path) -> Result<(), ClusterError> {
    let start = Instant::now();
    let mut told = false;
    while let Some(pid) = inhabitant(data) {
        if start.elapsed() > LIMIT {
            let pid = pid.as_raw_nonzero().get().unsigned_abs();
            return Err(ClusterError::Predecessor { pid, dir: data.to_owned() });
        }
        if !told && start.elapsed() > GRACE {
            told = true;
            let main = noted_pid(data).unwrap_or(pid);
            if let Err(error) = kill_process(main, Signal::INT) {
                tracing::warn!(%error, "a database server of an earlier run could not be told to stop");
            }
        }
        sleep(PAUSE);
    }
    // Its number may be another process's by now, which would make Postgres refuse to start.
    let note = data.join("postmaster.pid");
    if cfg!(target_os = "linux") && note.exists() {
        fs::remove_file(&note).map_err(ClusterError::io("remove", &note))?;
    }
    Ok(())
}

/// A process that works in the data directory: every process of a server has made it its current directory. Always
/// `None` where there is no `/proc`; Postgres's own, weaker check has to do there.
fn inhabitant(data: &Path) -> Option<Pid> {
    fs::read_dir("/proc").ok()?.filter_map(Result::ok).find_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let lives_here = fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == data);
        lives_here.then(|| Pid::from_raw(pid)).flatten()
    })
}

/// The main process, as the server noted it.
fn noted_pid(data: &Path) -> Option<Pid> {
    let note = fs::read_to_string(data.join("postmaster.pid")).ok()?;
    Pid::from_raw(note.lines().next()?.trim().parse().ok()?)
}
