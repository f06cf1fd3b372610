//! The gateway beside direct calls, nginx and the floors, all in one run of the bench scripts.

mod ratios;
mod targets;

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Context;

use self::targets::{Lab, Target};
use crate::{
    peers::{quietly, target},
    product::{Profile, build},
    repo::{Repo, cargo},
    running::{Running, free_address},
};

/// What to measure, and for how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with `bench.py` and the sources of its programs.
    #[arg(long, default_value = "../shared/bench")]
    bench_dir: PathBuf,
    /// Rounds over all targets.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Seconds a target is loaded in each round.
    #[arg(long, default_value_t = 3.0)]
    secs: f64,
    /// What to measure: lat (1 connection), sat (64), open (a fixed rate), list.
    #[arg(long, default_value = "lat,sat")]
    legs: String,
    /// Measure this binary instead of building the release one.
    #[arg(long)]
    binary: Option<PathBuf>,
}

/// Builds, starts and loads everything, and prints the tables and the ratios.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let home = target(repo).join("bench");
    let programs = programs(&repo.path(&args.bench_dir), &home)?;
    let binary = match &args.binary {
        Some(binary) => binary.canonicalize().with_context(|| format!("no {}", binary.display()))?,
        None => build(repo, Profile::Release)?,
    };
    let run = home.join("run");
    if run.exists() {
        std::fs::remove_dir_all(&run)?;
    }
    std::fs::create_dir_all(&run)?;
    let (redis, _redis) = redis(&run)?;
    let lab = Lab { home: run.clone(), programs: programs.clone(), binary, redis };
    let (targets, _held) = lab.targets()?;
    let file = run.join("targets.json");
    std::fs::write(&file, serde_json::to_string_pretty(&targets)?)?;
    let started = measure(&repo.path(&args.bench_dir), &run, &programs, &file, args)?;
    let rows = std::fs::read_to_string(run.join("rows.jsonl")).context("the bench script wrote no rows")?;
    print!("{}", ratios::table(&format!("{started}{rows}"), &targets)?);
    Ok(())
}

/// Builds the upstream, the load generator and the floors from a copy, since cargo writes beside the sources.
fn programs(sources: &Path, home: &Path) -> anyhow::Result<PathBuf> {
    anyhow::ensure!(
        sources.join("bench.py").is_file(),
        "no bench.py in {}; name its folder by --bench-dir",
        sources.display()
    );
    let copy = home.join("sources");
    std::fs::create_dir_all(&copy)?;
    quietly(Command::new("cp").args(["-r", "--no-preserve=mode"]).arg(sources.join(".")).arg(&copy))?;
    // The copy lies inside our workspace and must not be taken for a member of it.
    let manifest = copy.join("Cargo.toml");
    let own = std::fs::read_to_string(&manifest)?;
    std::fs::write(&manifest, format!("{own}\n[workspace]\n"))?;
    let mut build = Command::new(cargo());
    build.args(["build", "--release", "--manifest-path"]).arg(&manifest);
    quietly(build.arg("--target-dir").arg(home.join("build")))?;
    Ok(home.join("build/release"))
}

/// A Redis that keeps nothing, and its address.
fn redis(run: &Path) -> anyhow::Result<(String, Running)> {
    let address = free_address()?;
    let mut command = Command::new("redis-server");
    command.args([
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--port",
        &address.port().to_string(),
    ]);
    let mut running = Running::start("redis-server", command.current_dir(run), &run.join("redis.log"))
        .context("redis-server is needed (Debian: apt-get install redis-server)")?;
    running.listens(address)?;
    Ok((address.to_string(), running))
}

/// Runs the script, shows what it prints, and returns its lines of JSON about the starts.
fn measure(
    scripts: &Path,
    run: &Path,
    programs: &Path,
    targets: &Path,
    args: &Args,
) -> anyhow::Result<String> {
    let mut script = Command::new("python3");
    script
        .arg(scripts.join("bench.py"))
        .arg("--targets")
        .arg(targets)
        .arg("--out")
        .arg(run.join("rows.jsonl"));
    script.args([
        "--legs",
        &args.legs,
        "--rounds",
        &args.rounds.to_string(),
        "--secs",
        &args.secs.to_string(),
    ]);
    script.arg("--loadgen").arg(programs.join("loadgen")).stdout(Stdio::piped());
    let mut child = script.spawn().context("cannot run bench.py")?;
    let mut started = String::new();
    for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
        let line = line?;
        println!("{line}");
        if line.starts_with('{') {
            started.push_str(&line);
            started.push('\n');
        }
    }
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "bench.py failed: {status}; logs are in {}", run.display());
    Ok(started)
}

/// What each target is compared with.
fn is_ours(target: &Target) -> bool {
    target.name.starts_with("policylayer")
}
