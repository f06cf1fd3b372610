//! The one binary: reads configuration and keys, puts the crates together, and runs the role that was asked for.
//! No business rules.

mod cli;
mod clock;
mod commands;
mod control;
mod fences;
mod health;
mod keys;
mod listen;
mod local;
mod measure;
mod plane;
mod private;
mod settings;
mod telemetry;

use std::io::Write;
use std::process::ExitCode;

/// Runs the command line; the process exits with what this returns.
#[must_use]
pub fn run() -> ExitCode {
    let cli = cli::Cli::read();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(cli.run());
            // Background tasks may be in the middle of a blocking call; the process does not wait for them.
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|error| {
        say(&format!("policylayer: {}\n", causes(&error)));
        ExitCode::FAILURE
    })
}

/// Writes to standard error. Nobody may be listening there any more, and that is no reason to stop.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// An error and its causes, without those that it has told already.
fn causes(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !told.contains(&cause) {
            told += if told.is_empty() { "" } else { ": " };
            told += &cause;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    #[test]
    fn a_cause_that_was_told_is_not_repeated() {
        let refused = std::io::Error::other("refused");
        let error =
            Err::<(), _>(refused).context("no connection: refused").context("DATABASE_URL").unwrap_err();
        assert_eq!(super::causes(&error), "DATABASE_URL: no connection: refused");
    }
}
