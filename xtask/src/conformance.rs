//! The official conformance suites against the Python SDK's own server: straight, and through the gateway.
//! The gateway passes when every single check ends as it does without it.

mod checks;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use self::checks::Checks;
use crate::{
    peers::{Python, npm, target},
    product::{Access, Product, Profile, build},
    repo::Repo,
    running::{Running, free_address},
};

/// Lets everything through, so that every difference is the gateway's own.
const ALLOW_ALL: &str = r#"{"version": "1", "default": "allow"}"#;

/// The version of the Python SDK whose example server is the backend; the same as in the Python peers' lock.
const BACKEND: (&str, &str) = ("mcp", "2.3.0");

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only straight at the backend, without a gateway.
    #[arg(long, conflicts_with_all = ["through", "token"])]
    direct: bool,
    /// An address of a gateway with the same backend behind it, instead of one started here.
    #[arg(long, requires = "token")]
    through: Option<String>,
    /// The bearer for that gateway.
    #[arg(long, requires = "through")]
    token: Option<String>,
    /// Only the runs whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
}

/// One pass of a suite.
struct Run {
    name: &'static str,
    /// Folder below `tests/conformance` with the suite's lock.
    suite: &'static str,
    arguments: &'static [&'static str],
    /// Checks the backend passes by itself, with none failing.
    passes: usize,
}

const RUNS: &[Run] = &[
    Run { name: "0.1.16 active", suite: "stable", arguments: &[], passes: 40 },
    Run { name: "0.1.16 all", suite: "stable", arguments: &["--suite", "all"], passes: 44 },
    Run {
        name: "0.2 2025-06-18",
        suite: "next",
        arguments: &["--suite", "all", "--spec-version", "2025-06-18"],
        passes: 56,
    },
    Run {
        name: "0.2 2025-11-25",
        suite: "next",
        arguments: &["--suite", "all", "--spec-version", "2025-11-25"],
        passes: 84,
    },
    Run {
        name: "0.2 2026-07-28",
        suite: "next",
        arguments: &["--suite", "all", "--spec-version", "2026-07-28"],
        passes: 152,
    },
];

/// The suites, installed, and where their reports go.
struct Suites {
    node: PathBuf,
    home: PathBuf,
    preload: PathBuf,
}

/// Runs the suites and fails on any failed check or any difference.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let home = target(repo).join("conformance");
    let python = Python::install(repo)?;
    for suite in ["stable", "next"] {
        npm(&repo.path("tests/conformance").join(suite), &home.join(suite))?;
    }
    let (url, _backend) = backend(&python, &home)?;
    let suites = Suites { node: python.node()?, preload: repo.path("tests/conformance/bearer.mjs"), home };
    let (access, _product) = gateway(repo, args, &suites.home, &url)?;

    println!("| run | expected | direct | through | differences |\n|---|---|---|---|---|");
    let mut faults = Vec::new();
    for run in RUNS.iter().filter(|run| run.name.contains(&args.only)) {
        let direct = suites.pass(run, "direct", &url, None)?;
        let through = match &access {
            Some(access) => Some(suites.pass(run, "through", &access.gateway_url, Some(&access.token))?),
            None => None,
        };
        let found = compare(run, &direct, through.as_ref());
        let shown = through.as_ref().map_or("-".to_owned(), Checks::totals);
        println!("| {} | {}, 0 | {} | {shown} | {} |", run.name, run.passes, direct.totals(), found.len());
        faults.extend(found);
    }
    for fault in &faults {
        println!("\n{fault}");
    }
    anyhow::ensure!(
        faults.is_empty(),
        "{} findings; reports are in {}",
        faults.len(),
        suites.home.join("out").display()
    );
    Ok(())
}

/// Starts the backend; conformance wants the host name to be localhost.
fn backend(python: &Python, home: &Path) -> anyhow::Result<(String, Running)> {
    let source = python.source(BACKEND.0, BACKEND.1, home)?;
    let address = free_address()?;
    let mut command = Command::new(python.program());
    command.args([
        "-m",
        "mcp_everything_server",
        "--log-level",
        "WARNING",
        "--port",
        &address.port().to_string(),
    ]);
    command.env("PYTHONPATH", source.join("examples/servers/everything-server"));
    let mut running = Running::start("the everything-server", &mut command, &home.join("backend.log"))?;
    running.listens(address)?;
    Ok((format!("http://localhost:{}/mcp", address.port()), running))
}

/// The gateway asked for, started when none was named; the product lives as long as it is held.
fn gateway(
    repo: &Repo,
    args: &Args,
    home: &Path,
    url: &str,
) -> anyhow::Result<(Option<Access>, Option<Product>)> {
    if args.direct {
        return Ok((None, None));
    }
    if let (Some(url), Some(token)) = (&args.through, &args.token) {
        return Ok((Some(Access { gateway_url: url.clone(), token: token.clone() }), None));
    }
    let product = Product::start(&build(repo, Profile::Debug)?, &home.join("product"), &[])?;
    let mut access = product.quickstart("conformance", &url.replace("localhost", "127.0.0.1"), ALLOW_ALL)?;
    access.gateway_url = access.gateway_url.replace("//127.0.0.1", "//localhost");
    println!("through {}", access.gateway_url);
    Ok((Some(access), Some(product)))
}

impl Suites {
    /// One pass; a failed check is in the result, an unusable suite is an error.
    fn pass(&self, run: &Run, road: &str, url: &str, token: Option<&str>) -> anyhow::Result<Checks> {
        let out = self.home.join("out").join(run.name.replace(' ', "-")).join(road);
        if out.exists() {
            std::fs::remove_dir_all(&out)?;
        }
        let mut command = Command::new(&self.node);
        if let Some(token) = token {
            command.arg("--import").arg(&self.preload).env("MCP_TOKEN", token);
        }
        let package = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
        command.arg(self.home.join(run.suite).join(package)).args(["server", "--url", url]);
        let output = command.args(run.arguments).arg("-o").arg(&out).output()?;
        std::fs::create_dir_all(&out)?;
        std::fs::write(out.join("printed.txt"), [output.stdout, output.stderr].concat())?;
        Checks::read(&out)
            .with_context(|| format!("{} {road}: no usable reports in {}", run.name, out.display()))
    }
}

/// What is wrong: a baseline that is not the known one, or a check that ends differently through the gateway.
fn compare(run: &Run, direct: &Checks, through: Option<&Checks>) -> Vec<String> {
    let mut faults = Vec::new();
    if (direct.passed(), direct.failed()) != (run.passes, 0) {
        faults.push(format!("{} direct: {} instead of {}, 0", run.name, direct.totals(), run.passes));
        faults.extend(direct.failures().map(|failure| format!("{} direct: {failure}", run.name)));
    }
    let differences = through.map(|through| direct.differences(through)).unwrap_or_default();
    faults.extend(differences.into_iter().map(|difference| format!("{} through: {difference}", run.name)));
    faults
}
