//! The fault lab: limits over several gateways and a Redis, while these die. Every call waits for the disk that Redis writes to: on
//! a busy one, `TMPDIR=/dev/shm` makes the lab many times faster, and is no less true of processes that die.

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
    /// How often a clock is set ten minutes off, or right again.
    #[arg(long, default_value_t = 6)]
    clock_steps: u64,
    /// Over a Redis Cluster of three, instead of one Redis.
    #[arg(long)]
    cluster: bool,
    /// How often a replica takes the place of a server of the cluster.
    #[arg(long, default_value_t = 1)]
    failovers: u64,
    /// With the program as it ships, which takes longer to build.
    #[arg(long)]
    release: bool,
}

/// Builds the binary and the lab, runs it, and fails when a limit was passed or a call was counted in part.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    build(repo, if args.release { Profile::Release } else { Profile::Debug })?;
    let failovers = if args.cluster { args.failovers } else { 0 };
    let numbers =
        [args.calls, args.redis_kills, args.gateway_kills, args.flushes, failovers, args.clock_steps]
            .map(|number| number.to_string());
    let mut command = vec!["run", "--locked", "--quiet", "-p", "tests", "--example", "faults"];
    command.extend(args.release.then_some("--release"));
    command.extend(["--", if args.cluster { "cluster" } else { "one" }]);
    command.extend(numbers.iter().map(String::as_str));
    repo.run(&cargo(), &command)
}
