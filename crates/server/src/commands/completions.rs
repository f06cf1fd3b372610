//! `policylayer completions SHELL`: a script for the shell to source.

use std::process::ExitCode;

use clap_complete::Shell;

/// What `completions` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell to write for.
    shell: Shell,
}

/// Writes the script for `command` on standard output.
pub(crate) fn run(args: Args, command: &mut clap::Command) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "policylayer", &mut script);
    super::print(&script)
}
