//! The guardian: a shell that starts the server and stops it when this process is gone. The operating system closes
//! our end of a pipe however we end, `kill -9` included, and the guardian reads the other end.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::account::Account;
use super::place::Place;
use super::{ClusterError, Durability};

/// Arguments: the signal that stops the server, a directory to remove afterwards (or nothing), the server's command.
const SCRIPT: &str = r#"
signal=$1 remove=$2
shift 2
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -s "$signal" "$server"; } 2>/dev/null &
watcher=$!
exec 3<&- </dev/null
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
[ -z "$remove" ] || rm -rf -- "$remove"
exit "$status"
"#;

/// How long a server may take until it takes connections; recovery after a power cut is part of it.
const READY_LIMIT: Duration = Duration::from_secs(300);
/// How often to look whether it does.
const PAUSE: Duration = Duration::from_millis(10);
/// The line of `postmaster.pid` that says how far the server is.
const STATUS_LINE: usize = 7;

/// A server under guard. Dropping this makes the guardian stop it.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
    /// The pipe that the guardian waits on.
    alive: Option<ChildStdin>,
    /// What an earlier server left in `postmaster.pid`.
    stale_note: Option<String>,
}

impl Guardian {
    /// Starts the server.
    pub(super) fn start(
        server: &[OsString],
        durability: Durability,
        account: &Account,
        place: &Place,
    ) -> Result<Self, ClusterError> {
        // INT ends clients and writes everything; QUIT drops everything, which is enough for what is thrown away.
        let signal = match durability {
            Durability::Kept => "INT",
            Durability::Throwaway => "QUIT",
        };
        let stale_note = fs::read_to_string(note_of(place)).ok();
        let log = place.open_log()?;
        let errors = log.try_clone().map_err(ClusterError::io("open", &place.log))?;
        let mut shell = account
            .command("/bin/sh")
            .args(["-c", SCRIPT, "policylayer-guardian", signal])
            .arg(place.remove_after.clone().unwrap_or_default())
            .args(server)
            .stdin(Stdio::piped())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(ClusterError::io("run", "/bin/sh".as_ref()))?;
        let alive = shell.stdin.take();
        Ok(Self { shell, alive, stale_note })
    }

    /// Waits until the server takes connections.
    pub(super) fn wait_until_ready(&mut self, place: &Place) -> Result<(), ClusterError> {
        let start = Instant::now();
        while start.elapsed() < READY_LIMIT {
            let note = fs::read_to_string(note_of(place)).ok();
            if note != self.stale_note && note.is_some_and(|note| is_ready(&note)) {
                return Ok(());
            }
            if self.has_ended() {
                break;
            }
            sleep(PAUSE);
        }
        Err(ClusterError::Failed { log: place.log_tail() })
    }

    /// Whether the server is not running any more.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.shell.try_wait(), Ok(None))
    }

    /// Stops the server and waits for its end.
    pub(super) fn stop(mut self) {
        drop(self.alive.take());
        if let Err(error) = self.shell.wait() {
            tracing::warn!(%error, "waiting for the private database's end failed");
        }
    }
}

/// The file in which a server notes its process and how far it is.
fn note_of(place: &Place) -> PathBuf {
    place.data.join("postmaster.pid")
}

fn is_ready(note: &str) -> bool {
    note.lines().nth(STATUS_LINE).is_some_and(|line| line.trim() == "ready")
}
