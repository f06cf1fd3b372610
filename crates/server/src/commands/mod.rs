//! One module for each subcommand.

pub(crate) mod api;
pub(crate) mod catalog;
pub(crate) mod completions;
pub(crate) mod gateway;
pub(crate) mod migrate;
pub(crate) mod policy;
pub(crate) mod quickstart;
pub(crate) mod remote;
pub(crate) mod up;

use std::io::{self, Write};
use std::process::ExitCode;

/// Prints the OpenAPI document.
pub(crate) fn openapi() -> anyhow::Result<ExitCode> {
    print(::api::openapi_json().as_bytes())
}

/// Prints a generated text.
pub(crate) fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    let mut out = io::stdout().lock();
    unless_reader_left(out.write_all(text).and_then(|()| out.flush()).map(|()| ExitCode::SUCCESS))
}

/// Whoever reads the output may have had enough; that is no failure.
pub(crate) fn unless_reader_left(done: io::Result<ExitCode>) -> anyhow::Result<ExitCode> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => Ok(other?),
    }
}
