//! `policylayer migrate`: brings the database's schema up to this build.

use std::process::ExitCode;

use anyhow::Context;

/// What `migrate` takes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Postgres to migrate, as the owner of the schema.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
}

/// Migrates and ends.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    store::migrate(&args.database_url).await.context("DATABASE_URL")?;
    eprintln!("the database's schema is up to date");
    Ok(ExitCode::SUCCESS)
}
