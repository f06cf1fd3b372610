//! The fault lab: limits over several gateways and a Redis, while these die.

use crate::{
    product::{Profile, build},
    repo::{Repo, cargo},
};

/// How much, and how often.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Calls to make, over four limits each.
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// How often Redis is killed.
    #[arg(long, default_value_t = 20)]
    redis_kills: u64,
    /// How often a gateway is killed.
    #[arg(long, default_value_t = 5)]
    gateway_kills: u64,
    /// How often Redis is emptied.
    #[arg(long, default_value_t = 3)]
    flushes: u64,
}

/// Builds the binary and the lab, runs it, and fails when a limit was passed or a call was counted in part.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    build(repo, Profile::Debug)?;
    let numbers =
        [args.calls, args.redis_kills, args.gateway_kills, args.flushes].map(|number| number.to_string());
    let mut command = vec!["run", "--locked", "--quiet", "-p", "tests", "--example", "faults", "--"];
    command.extend(numbers.iter().map(String::as_str));
    repo.run(&cargo(), &command)
}
