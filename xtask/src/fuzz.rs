//! The fuzz targets of `fuzz/`, one after the other, and a table of how they fared.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};

use crate::repo::{Repo, cargo};

/// The targets: documents, calls, and both together with a history.
const TARGETS: [&str; 3] = ["document", "call", "decision"];
/// How long an input may hang, in seconds of any clock. The targets themselves allow less, of processor time.
const HANG: u32 = 20;
/// Longest input, in bytes.
const LONGEST: u32 = 8_192;

/// How long to look, and at what.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Minutes for each target.
    #[arg(long, default_value_t = 20)]
    minutes: u64,
    /// Only these targets.
    #[arg(value_parser = TARGETS)]
    targets: Vec<String>,
}

/// How a run went.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    executions: u64,
    slowest_s: u64,
    crashed: bool,
}

/// Runs each target over the kept corpus; what it finds beside goes to `fuzz/target/corpus`. A crash, a hang or an input
/// that takes too long is an error, and its input is in `fuzz/artifacts`.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    if !repo.has(&cargo(), &["fuzz", "--version"]) {
        bail!("cargo-fuzz is not installed; get it with `cargo install --locked cargo-fuzz`");
    }
    let chosen = |target: &str| args.targets.is_empty() || args.targets.iter().any(|name| name == target);
    let mut crashes = 0;
    println!(
        "{:<10} {:>12} {:>9} {:>8} {:>8} {:>9}",
        "target", "executions", "a second", "corpus", "crashes", "slowest"
    );
    for target in TARGETS.into_iter().filter(|target| chosen(target)) {
        let run = fuzz(repo, target, args.minutes * 60)?;
        let corpus = count(&repo.path(format!("fuzz/corpus/{target}")))
            + count(&repo.path(format!("fuzz/target/corpus/{target}")));
        crashes += u32::from(run.crashed);
        let slowest =
            if run.slowest_s == 0 { "under 1 s".to_owned() } else { format!("{} s", run.slowest_s) };
        println!(
            "{target:<10} {:>12} {:>9} {corpus:>8} {:>8} {slowest:>9}",
            run.executions,
            run.executions / (args.minutes * 60).max(1),
            u32::from(run.crashed),
        );
    }
    if crashes > 0 {
        bail!("{crashes} targets crashed; the inputs are in fuzz/artifacts, the outputs in fuzz/target");
    }
    Ok(())
}

fn fuzz(repo: &Repo, target: &str, seconds: u64) -> anyhow::Result<Run> {
    let found = repo.path(format!("fuzz/target/corpus/{target}"));
    std::fs::create_dir_all(&found).with_context(|| format!("cannot make {}", found.display()))?;
    let log = repo.path(format!("fuzz/target/{target}.log"));
    let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = Command::new(cargo());
    // Our code holds no unsafe code, so that a sanitizer, which takes a nightly compiler, has little to find.
    command.args(["fuzz", "run", "--sanitizer", "none", target]);
    command.arg(&found).arg(repo.path(format!("fuzz/corpus/{target}"))).arg("--");
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-timeout={HANG}"),
        format!("-max_len={LONGEST}"),
        format!("-dict={}", repo.path("fuzz/words.dict").display()),
        "-print_final_stats=1".to_owned(),
    ]);
    command.current_dir(repo.path("fuzz")).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let ended = command.status().context("cannot run cargo fuzz")?;
    let text = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
    let run = read(&text, !ended.success())
        .with_context(|| format!("{target} did not run; {} says why", log.display()))?;
    Ok(run)
}

/// The final statistics of a run; `None` when it came to none.
fn read(log: &str, crashed: bool) -> Option<Run> {
    let figure = |name: &str| {
        let line = log.lines().rev().find_map(|line| line.trim().strip_prefix(name))?;
        line.trim_start_matches(':').trim().parse().ok()
    };
    let executions = figure("stat::number_of_executed_units")?;
    Some(Run { executions, slowest_s: figure("stat::slowest_unit_time_sec")?, crashed })
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_from_its_last_figures() {
        let log = "#12 NEW cov: 5\nDone 900 runs in 3 second(s)\nstat::number_of_executed_units: 900\n\
                   stat::average_exec_per_sec:     300\nstat::slowest_unit_time_sec:    2\n";
        assert_eq!(read(log, false), Some(Run { executions: 900, slowest_s: 2, crashed: false }));
        assert_eq!(read("error: could not compile\n", true), None);
    }
}
