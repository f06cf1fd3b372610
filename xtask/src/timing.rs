//! Answers for addresses that have an account beside answers for such as have none: can they be told apart by their time?

use anyhow::ensure;

use crate::repo::{Repo, cargo};

/// How much to measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Answers of each kind, for each operation.
    #[arg(long, default_value_t = 1_000)]
    samples: usize,
}

/// Runs the suite's own comparison with as many samples, one operation after the other; fails when one has p of 0.01 or less.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let suite = ["test", "--locked", "--quiet", "-p", "api", "--test", "it", "--", "timing::sec_33"];
    let suite = [&suite[..], &["--nocapture", "--test-threads", "1"]].concat();
    let status = repo.command(&cargo(), &suite).env("TIMING_SAMPLES", args.samples.to_string()).status()?;
    ensure!(status.success(), "the times tell accounts apart, or could not be taken");
    Ok(())
}
