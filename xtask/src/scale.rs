//! The catalogue at scale: made-up servers and tools in a real Postgres, and what its pages take of the time.

use crate::repo::{Repo, cargo};

/// How large the catalogue is.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Servers to make up.
    #[arg(long, default_value_t = 50_000)]
    servers: u64,
    /// Their tools, all together.
    #[arg(long, default_value_t = 1_500_000)]
    tools: u64,
}

/// Builds the pages to be fast, fills a database of their own, and measures; fails when searches or the pages of tools take too long.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let (servers, tools) = (args.servers.to_string(), args.tools.to_string());
    let lab = [
        "run",
        "--locked",
        "--quiet",
        "--release",
        "-p",
        "site",
        "--example",
        "scale",
        "--",
        &servers,
        &tools,
    ];
    repo.run(&cargo(), &lab)
}
