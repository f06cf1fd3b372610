//! The command line.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands;

/// An MCP policy gateway: nothing reaches a server without passing your rules.
#[derive(Parser)]
#[command(name = "policylayer", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in one process, with a private database: the way to start on a laptop.
    Up(commands::up::Args),
    /// Run the control plane over a given database.
    Api(commands::api::Args),
    /// Run a gateway that knows only what the control plane tells it.
    Gateway(commands::gateway::Args),
    /// Bring the database's schema up to this build.
    Migrate(commands::migrate::Args),
    /// Read, check and try policies.
    #[command(subcommand)]
    Policy(commands::policy::Command),
    /// Sign up or log in, and set up a server, a policy, an identity and a token, over the API.
    Quickstart(commands::quickstart::Args),
    /// Print the OpenAPI document of the control plane.
    Openapi,
    /// Print completions for a shell.
    Completions(commands::completions::Args),
}

impl Cli {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Up(args) => commands::up::run(args).await,
            Command::Api(args) => commands::api::run(args).await,
            Command::Gateway(args) => commands::gateway::run(args).await,
            Command::Migrate(args) => commands::migrate::run(args).await,
            Command::Policy(command) => commands::policy::run(command),
            Command::Quickstart(args) => commands::quickstart::run(args).await,
            Command::Openapi => commands::openapi(),
            Command::Completions(args) => commands::completions::run(args, &mut Self::command()),
        }
    }
}
