//! A program that is told one thing a line, as JSON, and answers each with a line.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{ChildStdin, Command},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use anyhow::Context;
use serde::{Serialize, de::DeserializeOwned};

use crate::running::Running;

/// An answer that takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A started program; it ends with this.
pub(crate) struct Talk {
    program: Running,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Talk {
    /// Starts it; its complaints go to `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let (program, input, output) = Running::piped(name, command, log)?;
        let (sender, lines) = channel();
        // Read apart, so that whoever waits for a line can stop waiting. It ends with the program.
        std::thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        Ok(Self { program, input, lines })
    }

    /// Tells it something and waits for what it answers.
    pub(crate) fn ask<A: DeserializeOwned>(&mut self, what: &impl Serialize) -> anyhow::Result<A> {
        let line = serde_json::to_string(what)?;
        let answer =
            writeln!(self.input, "{line}").ok().and_then(|()| self.lines.recv_timeout(PATIENCE).ok());
        let answer = answer.with_context(|| format!("no answer to {line}\n{}", self.program.tail()))?;
        serde_json::from_str(&answer).with_context(|| format!("{answer} is no answer to {line}"))
    }
}
