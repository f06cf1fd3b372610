//! The chores of this repository: `cargo xtask --help` lists them. One module a chore.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]

mod arch;
mod bench;
mod check;
mod clients;
mod conformance;
mod deploy;
mod differential;
mod faults;
mod fuzz;
mod generated;
mod mutants;
mod peers;
mod product;
mod replay;
mod repo;
mod running;
mod scale;
mod schemathesis;
mod talk;
mod tidy;
mod timing;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::repo::Repo;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The chores of this repository", version)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that has to hold before a change goes in: exactly what CI runs.
    Check(check::Args),
    /// The gateway beside direct calls, nginx and the least a proxy can do.
    Bench(bench::Args),
    /// Real MCP clients through a gateway: list, an allowed call, a denied call.
    Clients(clients::Args),
    /// The official conformance suites, straight and through the gateway, check by check.
    Conformance(conformance::Args),
    /// The policy engine beside a plain reading of its language, on random calls.
    Differential(differential::Args),
    /// Limits over four gateways and a Redis or Redis Cluster, while these are killed, emptied and failed over and clocks are set
    /// wrong: what passed, and what should not have.
    Faults(faults::Args),
    /// The fuzz targets for documents, calls and decisions.
    Fuzz(fuzz::Args),
    /// Mutation testing of the crates that decide and count.
    Mutants(mutants::Args),
    /// Recorded calls under a draft: how long a replay takes, and whether it names the calls that differ.
    Replay(replay::Args),
    /// The API held to its OpenAPI document by generated requests, as an admin of one of two organisations.
    Schemathesis(schemathesis::Args),
    /// The catalogue's pages over 1.5 million tools: how long searches and pages take.
    Scale(scale::Args),
    /// Whether the control plane's answers tell by their time which addresses have accounts.
    Timing(timing::Args),
    /// The edges between our crates, and who may use which library, against the allow-list.
    Arch,
    /// Module headers, file sizes, forbidden words and marks.
    Tidy,
    /// Writes the generated files anew.
    Generate,
    /// The console: types, tests, build, size, and in a browser where there is one.
    Web,
    /// Syntax of the shell scripts, the systemd units and the compose file.
    Deploy,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let repo = Repo::here()?;
    match cli.chore {
        Chore::Check(args) => check::run(&repo, &args),
        Chore::Bench(args) => bench::run(&repo, &args),
        Chore::Clients(args) => clients::run(&repo, &args),
        Chore::Conformance(args) => conformance::run(&repo, &args),
        Chore::Differential(args) => differential::run(&repo, &args),
        Chore::Faults(args) => faults::run(&repo, &args),
        Chore::Fuzz(args) => fuzz::run(&repo, &args),
        Chore::Mutants(args) => mutants::run(&repo, &args),
        Chore::Replay(args) => replay::run(&repo, &args),
        Chore::Schemathesis(args) => schemathesis::run(&repo, &args),
        Chore::Scale(args) => scale::run(&repo, &args),
        Chore::Timing(args) => timing::run(&repo, &args),
        Chore::Arch => arch::run(&repo),
        Chore::Tidy => tidy::run(&repo),
        Chore::Generate => generated::write(&repo),
        Chore::Web => web::run(&repo),
        Chore::Deploy => deploy::run(&repo),
    }
}
