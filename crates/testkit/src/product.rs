//! The product itself: `policylayer` processes, as an operator would start them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::http::Http;
use crate::redis::Environment;

/// How long a process may take to listen.
const START: Duration = Duration::from_secs(60);

/// A running process; killed when dropped.
pub struct Product {
    /// Where it listens, for example `http://127.0.0.1:40123`.
    pub url: String,
    /// Where it serves its measurements, if it was started to.
    pub metrics: Option<String>,
    /// Its data folder.
    pub data_dir: PathBuf,
    child: Child,
    _folder: Option<tempfile::TempDir>,
}

/// The binary that `cargo` built beside the running test.
///
/// # Errors
/// When it has not been built.
pub fn binary() -> anyhow::Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.ancestors().find(|folder| folder.join("policylayer").is_file());
    let folder = folder
        .context("no policylayer binary beside this test; run ./test, or cargo build -p server first")?;
    Ok(folder.join("policylayer"))
}

/// A `policylayer` command that sees nothing of this process's environment.
///
/// # Errors
/// As [`binary`].
pub fn command(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    command.args(arguments).env_clear().kill_on_drop(true);
    for name in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    // Many tests share few cores: a limit that is checked late is still checked.
    command.env("POLICYLAYER_LIMITS_TIMEOUT_MS", "5000");
    Ok(command)
}

impl Product {
    /// `policylayer up` over a database that tests made, on a free port. `extra` are further arguments.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn up(database_url: &str, extra: &[&str]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let data_dir = folder.path().to_owned();
        let mut command = command(&["up", "--listen", "127.0.0.1:0"])?;
        command.args(extra).env("DATABASE_URL", database_url);
        Self::start(command, data_dir, Some(folder)).await
    }

    /// The same with a data folder that outlives it.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn up_over(database_url: &str, data_dir: &Path, extra: &[&str]) -> anyhow::Result<Self> {
        let mut command = command(&["up", "--listen", "127.0.0.1:0"])?;
        command.args(extra).env("DATABASE_URL", database_url);
        Self::start(command, data_dir.to_owned(), None).await
    }

    /// `policylayer up` with its own private database in `data_dir`.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn up_in(data_dir: &Path, extra: &[&str]) -> anyhow::Result<Self> {
        let mut command = command(&["up", "--listen", "127.0.0.1:0"])?;
        command.args(extra);
        Self::start(command, data_dir.to_owned(), None).await
    }

    /// `policylayer gateway` under the control plane `self`, with its keys, counting in `redis_url`.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn gateway(&self, redis_url: Option<&str>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut gateway = self.gateway_in(folder.path(), redis_url).await?;
        gateway._folder = Some(folder);
        Ok(gateway)
    }

    /// The same with a data folder that outlives it.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn gateway_in(&self, data_dir: &Path, redis_url: Option<&str>) -> anyhow::Result<Self> {
        self.gateway_by(data_dir, redis_url, &Environment::new()).await
    }

    /// The same in another environment, such as that of a [clock](crate::clock).
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn gateway_by(
        &self,
        data_dir: &Path,
        redis_url: Option<&str>,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let mut command = command(&["gateway", "--listen", "127.0.0.1:0", "--control-url", &self.url])?;
        command.arg("--keys-dir").arg(self.data_dir.join("keys")).args(["--allow-upstream", "127.0.0.1"]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        if let Some(url) = redis_url {
            command.args(["--redis-url", url]);
        }
        Self::start(command, data_dir.to_owned(), None).await
    }

    async fn start(
        mut command: Command,
        data_dir: PathBuf,
        folder: Option<tempfile::TempDir>,
    ) -> anyhow::Result<Self> {
        command
            .arg("--data-dir")
            .arg(&data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("{command:?}"))?;
        let stderr = child.stderr.take().context("no standard error")?;
        let (url, metrics) =
            tokio::time::timeout(START, addresses(stderr)).await.context("not listening in time")??;
        Ok(Self { url, metrics, data_dir, child, _folder: folder })
    }

    /// A client of it.
    #[must_use]
    pub fn http(&self) -> Http {
        Http::new(&self.url)
    }

    /// Its process id; none once it has ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it as `kill -9` does, and waits until it is gone.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await?;
        Ok(())
    }

    /// Stops it in its tracks: it neither works nor ends until [`Product::resume`].
    ///
    /// # Errors
    /// When it has ended.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.signal(rustix::process::Signal::STOP)
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When it has ended.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.signal(rustix::process::Signal::CONT)
    }

    fn signal(&self, signal: rustix::process::Signal) -> anyhow::Result<()> {
        let pid = self.pid().and_then(|pid| rustix::process::Pid::from_raw(i32::try_from(pid).ok()?));
        Ok(rustix::process::kill_process(pid.context("it has ended")?, signal)?)
    }

    /// Asks it to stop, as an operator does, and waits until it has.
    ///
    /// # Errors
    /// When it ended with a failure.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        if self.pid().is_some() {
            self.signal(rustix::process::Signal::TERM)?;
        }
        let status = self.child.wait().await?;
        if status.success() { Ok(()) } else { bail!("ended with {status}") }
    }
}

/// Reads standard error up to the line that names the address, and before it perhaps that of its measurements; the rest is read and
/// forgotten, so that the process never waits for a reader. What it said before is the error's text when it ends early.
async fn addresses(stderr: tokio::process::ChildStderr) -> anyhow::Result<(String, Option<String>)> {
    let mut lines = BufReader::new(stderr).lines();
    let (mut said, mut metrics) = (String::new(), None);
    while let Some(line) = lines.next_line().await? {
        let address = line.find("http://127.0.0.1:").map(|at| {
            let rest = line.get(at..).unwrap_or_default();
            let end = rest.find(|c: char| c == '"' || c.is_whitespace()).unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        });
        if let Some(address) = address.filter(|address| address.ends_with("/metrics")) {
            metrics = Some(address.trim_end_matches("/metrics").to_owned());
        } else if let Some(address) = address.filter(|_| line.contains("Open ") || line.contains("listening"))
        {
            let url = address.trim_end_matches('/').trim_end_matches("/app").to_owned();
            tokio::spawn(async move {
                while let Ok(Some(line)) = lines.next_line().await {
                    if std::env::var_os("POLICYLAYER_TEST_LOG").is_some() {
                        eprintln!("{line}");
                    }
                }
            });
            return Ok((url, metrics));
        }
        said.push_str(&line);
        said.push('\n');
    }
    bail!("it ended before it listened:\n{said}")
}
