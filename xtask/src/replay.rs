//! The replay lab: recorded calls in a real Postgres under a draft, against the clock.

use crate::repo::{Repo, cargo};

/// How much to replay.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Calls to record, and then to replay.
    #[arg(long, default_value_t = 100_000)]
    calls: u64,
}

/// Builds product and lab to be fast, and runs it; fails when a call is named wrongly or not at all, or it takes too long.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    repo.run(&cargo(), &["build", "--locked", "--quiet", "--release", "-p", "server"])?;
    let calls = args.calls.to_string();
    let lab = ["run", "--locked", "--quiet", "--release", "-p", "tests", "--example", "replay", "--", &calls];
    repo.run(&cargo(), &lab)
}
