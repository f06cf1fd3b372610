//! The one binary: reads configuration and keys, puts the crates together, and runs the role that was asked for.
//! No business rules.

mod cli;
mod clock;
mod commands;
mod control;
mod keys;
mod listen;
mod local;
mod plane;
mod settings;
mod telemetry;

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
        eprintln!("policylayer: {error:#}");
        ExitCode::FAILURE
    })
}
