//! A throwaway Redis: Debian's `redis-server` on a free loopback port, in a directory of its own, gone with the process
//! that started it, however that ends.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

#[path = "redis/cluster.rs"]
mod cluster;
pub use cluster::Cluster;

/// How long Redis may take to answer its first question; it usually takes a tenth of a second.
const START: Duration = Duration::from_secs(20);
/// Starts with other ports before giving up: somebody else may take a port that was just free.
const ATTEMPTS: usize = 5;
/// Runs Redis until its own standard input ends, which it does when whoever holds the other end is gone, killed or not.
/// Unless it was told to keep it, it then removes the directory, which is all that Redis wrote to.
const GUARDIAN: &str = r#"
redis-server "$@" >redis.log 2>&1 </dev/null &
child=$!
read -r last_word
kill -9 $child
wait $child
directory=$PWD
cd / && [ "$last_word" = keep ] || rm -rf "$directory"
"#;

/// What it is started as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    InMemory,
    Durable,
    /// One of a cluster, and durable.
    Clustered,
}

/// What a process finds in its environment beside what we have in ours.
pub type Environment = Vec<(&'static str, PathBuf)>;

/// A running Redis. Dropping it kills it and removes its directory.
#[derive(Debug)]
pub struct Redis {
    environment: Environment,
    port: u16,
    bus_port: u16,
    kind: Kind,
    // Before `directory`, so that Redis is dead when its directory is removed.
    guardian: Guardian,
    directory: TempDir,
}

impl Redis {
    /// Whether `redis-server` is installed.
    #[must_use]
    pub fn available() -> bool {
        let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    }

    /// A Redis that keeps everything in memory.
    ///
    /// # Errors
    /// A message that says what is missing, or what Redis wrote.
    pub fn start() -> io::Result<Self> {
        Self::start_as(Kind::InMemory, Environment::new())
    }

    /// A Redis that writes every change to disk before it answers, so that it survives [`Redis::restart`].
    ///
    /// # Errors
    /// As [`Redis::start`].
    pub fn start_durable() -> io::Result<Self> {
        Self::start_durable_in(Environment::new())
    }

    /// The same in another environment, such as that of a [clock](crate::clock).
    ///
    /// # Errors
    /// As [`Redis::start`].
    pub fn start_durable_in(environment: Environment) -> io::Result<Self> {
        Self::start_as(Kind::Durable, environment)
    }

    /// One Redis for all tests of this process. Tests keep out of each other's way by the names of their organisations.
    ///
    /// # Errors
    /// As [`Redis::start`].
    pub fn shared() -> io::Result<&'static Self> {
        static SHARED: OnceLock<Redis> = OnceLock::new();
        static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _one = STARTING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match SHARED.get() {
            Some(redis) => Ok(redis),
            None => Self::start().map(|redis| SHARED.get_or_init(|| redis)),
        }
    }

    fn start_as(kind: Kind, environment: Environment) -> io::Result<Self> {
        if !Self::available() {
            return Err(io::Error::other(
                "redis-server is not installed; on Debian: apt-get install -y --no-install-recommends redis-server",
            ));
        }
        let directory = tempfile::Builder::new().prefix("redis-").tempdir()?;
        let mut last = io::Error::other("Redis was not started");
        for _ in 0..ATTEMPTS {
            let (one, other) = (TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?);
            let (port, bus_port) = (one.local_addr()?.port(), other.local_addr()?.port());
            drop((one, other));
            match Guardian::start(port, bus_port, directory.path(), kind, &environment) {
                Ok(guardian) => {
                    return Ok(Self { environment, port, bus_port, kind, guardian, directory });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// `redis://127.0.0.1:<port>/`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Where it listens on the loopback address.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    const fn bus_port(&self) -> u16 {
        self.bus_port
    }

    /// Kills Redis as a crash would.
    pub fn kill(&mut self) {
        self.guardian.stop();
    }

    /// Starts it again, after [`Redis::kill`], on the same port and in the same directory.
    ///
    /// # Errors
    /// As [`Redis::start`].
    pub fn restart(&mut self) -> io::Result<()> {
        self.guardian.stop();
        let (port, bus_port, directory) = (self.port, self.bus_port, self.directory.path());
        self.guardian = Guardian::start(port, bus_port, directory, self.kind, &self.environment)?;
        Ok(())
    }

    /// Sends one command in Redis's inline form, such as `flushall`, and returns the first line of the answer, or a
    /// text that is the answer.
    ///
    /// # Errors
    /// If Redis is not there.
    pub fn command(&self, line: &str) -> io::Result<String> {
        ask(self.port, line)
    }
}

/// The shell that runs Redis and outlives neither it nor us.
#[derive(Debug)]
struct Guardian(Child);

impl Guardian {
    fn start(
        port: u16,
        bus_port: u16,
        directory: &Path,
        kind: Kind,
        environment: &Environment,
    ) -> io::Result<Self> {
        let port_text = port.to_string();
        let append_only = if kind == Kind::InMemory { "no" } else { "yes" };
        let mut command = Command::new("sh");
        command.args(["-c", GUARDIAN, "sh", "--bind", "127.0.0.1", "--port", &port_text, "--save", ""]).args(
            ["--appendonly", append_only, "--appendfsync", "always", "--maxmemory-policy", "noeviction"],
        );
        if kind == Kind::Clustered {
            let bus_port = bus_port.to_string();
            command.args(["--cluster-enabled", "yes", "--cluster-port", &bus_port]);
            // A failover within moments, not minutes.
            command.args(["--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0"]);
        }
        let child = command
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut guardian = Self(child);
        Self::wait_until_ready(port, directory).inspect_err(|_| guardian.stop())?;
        Ok(guardian)
    }

    fn wait_until_ready(port: u16, directory: &Path) -> io::Result<()> {
        let deadline = Instant::now() + START;
        loop {
            let log = log(directory);
            // The log is ours, whoever else may answer on that port.
            if log.contains("Ready to accept connections")
                && ask(port, "ping").is_ok_and(|pong| pong == "+PONG")
            {
                return Ok(());
            }
            if Instant::now() > deadline || log.contains("Address already in use") || log.contains("FATAL") {
                return Err(io::Error::other(format!(
                    "redis-server did not start on port {port}; its log:\n{log}"
                )));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn stop(&mut self) {
        if let Some(mut stdin) = self.0.stdin.take() {
            let _ = stdin.write_all(b"keep\n");
        }
        let _ = self.0.wait();
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        self.stop();
    }
}

fn log(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("redis.log")).unwrap_or_default()
}

fn ask(port: u16, line: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("{line}\r\n").as_bytes())?;
    let (mut answer, mut stream) = (String::new(), BufReader::new(stream));
    stream.read_line(&mut answer)?;
    if let Some(length) = answer.strip_prefix('$').and_then(|length| length.trim_end().parse().ok()) {
        let mut text = vec![0; length];
        stream.read_exact(&mut text)?;
        return String::from_utf8(text).map_err(io::Error::other);
    }
    Ok(answer.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_durable_redis_keeps_its_data_over_a_crash_and_another_does_not() {
        for (start, kept) in
            [(Redis::start as fn() -> io::Result<Redis>, false), (Redis::start_durable, true)]
        {
            let mut redis = start().unwrap();
            assert_eq!(redis.command("set a 1").unwrap(), "+OK");
            redis.kill();
            assert!(redis.command("ping").is_err());
            redis.restart().unwrap();
            assert_eq!(redis.command("exists a").unwrap(), format!(":{}", u8::from(kept)));
        }
    }

    #[test]
    fn a_redis_that_is_dropped_is_gone() {
        let redis = Redis::start().unwrap();
        let (port, directory) = (redis.port, redis.directory.path().to_owned());
        drop(redis);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!directory.exists());
    }
}
