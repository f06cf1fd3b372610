//! The policy engine beside a plain reading of its language, on as many random calls as one has time for.

use crate::repo::{Repo, cargo};

/// How long to look for a difference, and where to begin.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Documents, calls and contexts to judge twice.
    #[arg(long, default_value_t = 10_000_000)]
    triples: u64,
    /// The same seed gives the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Builds the comparison to be fast, and runs it; a difference is printed as a case to repeat, and is an error.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let (triples, seed) = (args.triples.to_string(), args.seed.to_string());
    let build = ["run", "--locked", "--release", "-p", "tests", "--example", "differential", "--"];
    repo.run(&cargo(), &[&build[..], &[&triples, &seed]].concat())
}
