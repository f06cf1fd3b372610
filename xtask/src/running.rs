//! A program in the background, its output in a file; it ends with the chore that started it.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// Between two looks at a condition.
const PAUSE: Duration = Duration::from_millis(10);
/// How long a program may take to come up.
const START: Duration = Duration::from_secs(60);
/// How long a program may take to end before it is killed.
const STOP: Duration = Duration::from_secs(10);

/// A started program.
pub(crate) struct Running {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a program; what it prints goes to `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let file = create(log)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        Self::spawn(name, command, log)
    }

    /// Starts a program that is talked to; its complaints go to `log`.
    pub(crate) fn piped(
        name: &str,
        command: &mut Command,
        log: &Path,
    ) -> anyhow::Result<(Self, ChildStdin, ChildStdout)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(create(log)?);
        let mut running = Self::spawn(name, command, log)?;
        let (input, output) =
            running.child.stdin.take().zip(running.child.stdout.take()).context("no pipes")?;
        Ok((running, input, output))
    }

    fn spawn(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_owned() })
    }

    /// Waits until the program takes connections at an address.
    pub(crate) fn listens(&mut self, address: SocketAddr) -> anyhow::Result<()> {
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended: {status}\n{}", self.name, self.tail());
            }
            if started.elapsed() > START {
                bail!("{} does not listen on {address}\n{}", self.name, self.tail());
            }
            sleep(PAUSE);
        }
        Ok(())
    }

    /// Waits until the program ends; `None` when it takes longer than `limit`, and is killed.
    pub(crate) fn ends(&mut self, limit: Duration) -> anyhow::Result<Option<std::process::ExitStatus>> {
        let started = Instant::now();
        while started.elapsed() < limit {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            sleep(PAUSE);
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(None)
    }

    /// The end of what it printed.
    pub(crate) fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
        format!("{}:\n{}", self.log.display(), last.join("\n"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Asked first, so that it can end what it started itself.
        let asked = Command::new("kill").arg(self.child.id().to_string()).stderr(Stdio::null()).status();
        if asked.is_err() || self.ends(STOP).is_err() {
            eprintln!("{} (process {}) could not be stopped", self.name, self.child.id());
        }
    }
}

fn create(log: &Path) -> anyhow::Result<File> {
    if let Some(directory) = log.parent() {
        std::fs::create_dir_all(directory)?;
    }
    File::create(log).with_context(|| format!("cannot write {}", log.display()))
}

/// A loopback address nobody listens on.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?)
}
