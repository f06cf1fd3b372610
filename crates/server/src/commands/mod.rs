//! One module for each subcommand.

pub(crate) mod api;
pub(crate) mod completions;
pub(crate) mod gateway;
pub(crate) mod migrate;
pub(crate) mod policy;
pub(crate) mod quickstart;
pub(crate) mod up;

use std::io::Write;
use std::process::ExitCode;

/// Prints the OpenAPI document.
pub(crate) fn openapi() -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(::api::openapi_json().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
