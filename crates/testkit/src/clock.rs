//! A clock that tests set: of one process, and of no other. Linux only.

use std::io;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::redis::Environment;

const SOURCE: &str = include_str!("clock.c");

/// The time of day in processes that were started with it, as far from the system's as tests say.
#[derive(Debug)]
pub struct Clock(TempDir);

impl Clock {
    /// A clock that goes right. Its part in the processes is C, and compiled here.
    ///
    /// # Errors
    /// Without a C compiler (`cc`).
    pub fn new() -> io::Result<Self> {
        let clock = Self(tempfile::Builder::new().prefix("clock-").tempdir()?);
        let (source, library) = (clock.path().join("clock.c"), clock.path().join("clock.so"));
        std::fs::write(&source, SOURCE)?;
        clock.step(0)?;
        let mut cc = Command::new("cc");
        let made = cc.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).output()?;
        if made.status.success() {
            Ok(clock)
        } else {
            Err(io::Error::other(format!("cc: {}", String::from_utf8_lossy(&made.stderr))))
        }
    }

    /// What a process is to be started with.
    #[must_use]
    pub fn environment(&self) -> Environment {
        vec![("LD_PRELOAD", self.path().join("clock.so")), ("TESTKIT_CLOCK", self.path().join("step"))]
    }

    /// Sets it to so many seconds after the system's, in processes that run and in those that follow.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn step(&self, seconds: i64) -> io::Result<()> {
        use std::io::Write as _;
        // In place: whoever has it mapped sees it.
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path().join("step"))?;
        file.write_all(&seconds.to_ne_bytes())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_goes_by_the_clock_that_it_was_started_with() {
        let clock = Clock::new().unwrap();
        let seconds = || {
            let date = Command::new("date").arg("+%s").envs(clock.environment()).output().unwrap();
            String::from_utf8(date.stdout).unwrap().trim().parse::<i64>().unwrap()
        };
        let before = seconds();
        clock.step(600).unwrap();
        let ahead = seconds();
        clock.step(-600).unwrap();
        let behind = seconds();
        assert!((600..660).contains(&(ahead - before)), "{before} {ahead}");
        assert!((1140..=1200).contains(&(ahead - behind)), "{ahead} {behind}");
    }
}
