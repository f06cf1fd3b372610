//! Everything that has to hold before a change goes in, the quick checks first.

use std::time::Instant;

use crate::repo::{Repo, cargo};
use crate::{arch, deploy, generated, tidy, web};

/// What to leave out.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Everything but the tests.
    #[arg(long)]
    no_tests: bool,
}

type Step = (&'static str, fn(&Repo) -> anyhow::Result<()>);

/// Cheap and likely to fail comes before slow.
const STEPS: &[Step] = &[
    ("format", |repo| repo.run(&cargo(), &["fmt", "--all", "--check"])),
    ("tidy", tidy::run),
    ("arch", arch::run),
    ("deploy", deploy::run),
    ("clippy", clippy),
    // A workspace of their own.
    ("fuzz", |repo| repo.run(&cargo(), &["check", "--manifest-path", "fuzz/Cargo.toml", "--locked"])),
    ("generated", generated::check),
    ("web", web::run),
];

/// Runs every step, also after one that failed, and reports them together.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let mut steps = STEPS.to_vec();
    if !args.no_tests {
        steps.push(("tests", |repo| repo.run("./test", &[])));
    }
    let mut summary = Vec::new();
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("\n==> {name}");
        let started = Instant::now();
        let outcome = step(repo);
        if let Err(error) = &outcome {
            eprintln!("{name}: {error:#}");
            failed.push(name);
        }
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        summary.push(format!("{name:<10} {word:<7} {:>6.1} s", started.elapsed().as_secs_f64()));
    }
    println!("\n{}", summary.join("\n"));
    anyhow::ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

fn clippy(repo: &Repo) -> anyhow::Result<()> {
    repo.run(&cargo(), &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
}
