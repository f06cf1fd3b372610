//! A program that is told one thing a line, as JSON, and answers each with a line.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use anyhow::Context;
use serde::{Serialize, de::DeserializeOwned};

/// An answer that takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A started program; it ends with this.
pub(crate) struct Talk {
    name: String,
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    log: PathBuf,
}

impl Talk {
    /// Starts it; its complaints go to `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        if let Some(directory) = log.parent() {
            std::fs::create_dir_all(directory)?;
        }
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(file);
        let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let (input, output) = child.stdin.take().zip(child.stdout.take()).context("no pipes")?;
        let (sender, lines) = channel();
        // Read apart, so that whoever waits for a line can stop waiting. It ends with the program.
        std::thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Ok(Self { name: name.to_owned(), child, input, lines, log: log.to_owned() })
    }

    /// Tells it something and waits for what it answers.
    pub(crate) fn ask<A: DeserializeOwned>(&mut self, what: &impl Serialize) -> anyhow::Result<A> {
        let line = serde_json::to_string(what)?;
        let answer =
            writeln!(self.input, "{line}").ok().and_then(|()| self.lines.recv_timeout(PATIENCE).ok());
        let answer =
            answer.with_context(|| format!("{} does not answer, see {}", self.name, self.log.display()))?;
        serde_json::from_str(&answer).with_context(|| format!("{} answers {answer} to {line}", self.name))
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
