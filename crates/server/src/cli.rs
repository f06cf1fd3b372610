//! The command line.

use std::process::ExitCode;

use clap::builder::{OsStr, Resettable, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

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
    /// Say what tools do, how bad a careless call would be, and which policy suits them.
    #[command(subcommand)]
    Catalog(commands::catalog::Command),
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
    /// Reads the command line and the environment; ends the process when they make no sense.
    pub(crate) fn read() -> Self {
        let command = without_empty_variables(Self::command());
        let read = command.clone().try_get_matches().and_then(|matches| Self::from_arg_matches(&matches));
        read.unwrap_or_else(|error| naming_the_variable(error, &command).exit())
    }

    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Up(args) => commands::up::run(args).await,
            Command::Api(args) => commands::api::run(args).await,
            Command::Gateway(args) => commands::gateway::run(args).await,
            Command::Migrate(args) => commands::migrate::run(args).await,
            Command::Catalog(command) => commands::catalog::run(command).await,
            Command::Policy(command) => commands::policy::run(command).await,
            Command::Quickstart(args) => commands::quickstart::run(args).await,
            Command::Openapi => commands::openapi(),
            Command::Completions(args) => commands::completions::run(args, &mut Self::command()),
        }
    }
}

/// An empty variable counts as none: it is what compose files and units make of a setting that is left out.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        let empty = arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if empty { arg.env(Resettable::<OsStr>::Reset) } else { arg }
    });
    command.mut_subcommands(without_empty_variables)
}

/// Says which variable a bad or missing value belongs to; on its own, clap only ever names the flag.
fn naming_the_variable(mut error: clap::Error, command: &clap::Command) -> clap::Error {
    let variable_of = |flag: &str| {
        let flag = flag.split([' ', '=']).next()?.trim_start_matches('-');
        let arguments = command.get_subcommands().flat_map(clap::Command::get_arguments);
        let named = arguments.filter(|arg| arg.get_long() == Some(flag));
        named.filter_map(clap::Arg::get_env).next()?.to_str()
    };
    if let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::MissingRequiredArgument
    {
        let variables: Vec<_> = missing.iter().filter_map(|flag| variable_of(flag)).collect();
        if !variables.is_empty() {
            let tip = format!("the environment may give it as well: {}", variables.join(", "));
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
        }
        return error;
    }
    let told = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let (Some(flag), Some(value)) = (told(ContextKind::InvalidArg), told(ContextKind::InvalidValue)) else {
        return error;
    };
    let name = flag.split([' ', '=']).next().unwrap_or_default();
    let typed = std::env::args().any(|word| word.split('=').next() == Some(name));
    if let Some(variable) = variable_of(flag)
        && !typed
        && std::env::var(variable).is_ok_and(|set| set.contains(value))
    {
        let tip = StyledStr::from(format!("the value comes from the variable {variable}"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}
