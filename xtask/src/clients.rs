//! Real MCP clients against a gateway: each lists the tools, makes a call that is allowed and one that is denied; those
//! of the TypeScript and Python SDKs also make one that has to be approved.

mod approvals;

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Context;
use serde::Deserialize;

use crate::{
    peers::{Python, npm, target},
    product::{Access, Product, Profile, build},
    repo::{Repo, cargo},
    running::{Running, free_address},
};

/// A client that takes longer is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// The tools of the fixture server that is started when no gateway is named.
const TOOLS: &str = r#"[
    {"name": "get_price", "description": "The last price of a symbol.", "inputSchema": {"type": "object"}},
    {"name": "place_order", "description": "Buys or sells.", "inputSchema": {"type": "object"}},
    {"name": "withdraw", "description": "Moves funds out.", "inputSchema": {"type": "object"}}]"#;

/// Over them: one allowed, one visibly denied, one hidden.
const POLICY: &str = r#"{"version": "1", "default": "deny", "hide": ["withdraw"],
    "tools": {"get_price": {}, "place_order": {"action": "deny", "reason": "Orders are placed by people."}}}"#;

/// What the visible denial says in it.
const REASON: &str = "[POLICY DENIED] Orders are placed by people.";

/// Which gateway, and which tools to call there.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The gateway; without it, ours is started with a fixture server behind it.
    #[arg(long, requires_all = ["token", "allowed", "denied"])]
    url: Option<String>,
    /// The bearer.
    #[arg(long)]
    token: Option<String>,
    /// A tool that must be listed and must answer.
    #[arg(long)]
    allowed: Option<String>,
    /// A tool that must be refused.
    #[arg(long)]
    denied: Option<String>,
    /// Arguments for both calls, a JSON object.
    #[arg(long, default_value = "{}")]
    arguments: String,
    /// Only the clients whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
}

/// What every client is told.
struct Errand {
    url: String,
    token: String,
    allowed: String,
    denied: String,
    arguments: String,
    /// The exact list every client must see, when it is known.
    tools: Option<Vec<&'static str>>,
    /// What the refusal must say, when it is known.
    refusal: &'static str,
}

/// What a client does with the era it is told.
const CLIENTS: &[(&str, &[&str])] = &[
    ("typescript-v1", &["legacy"]),
    ("typescript-v2", &["legacy", "auto", "2026-07-28"]),
    ("python", &["legacy", "auto", "2026-07-28"]),
    ("rmcp", &["legacy", "auto", "modern"]),
    ("inspector", &["legacy", "auto", "modern"]),
];

/// A client's line of output.
#[derive(Deserialize)]
struct Report {
    ok: bool,
    tools: Vec<String>,
    allowed: Outcome,
    denied: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    text: Option<String>,
    error: Option<serde_json::Value>,
}

/// Installs and runs every client; fails when one of them does.
pub(crate) fn run(repo: &Repo, args: &Args) -> anyhow::Result<()> {
    let lab = Lab::install(repo, &args.only)?;
    let mut held = Vec::new();
    let errands = match named(args) {
        Some(errand) => vec![errand],
        None => {
            let upstream = lab.fixture(repo)?;
            let product = Product::start(&build(repo, Profile::Debug)?, &lab.home.join("product"), &[])?;
            let access = product.quickstart("clients", &upstream.0, POLICY)?;
            held.push((upstream, product));
            [("place_order", REASON), ("withdraw", "withdraw")].map(|denied| ours(&access, denied)).into()
        }
    };
    let mut table = "| client | era | tools | allowed | denied | |\n|---|---|---|---|---|---|\n".to_owned();
    let mut failed = 0;
    for errand in &errands {
        for (client, modes) in CLIENTS.iter().filter(|(client, _)| client.contains(&args.only)) {
            for mode in *modes {
                let row = lab.row(client, mode, errand);
                failed += usize::from(row.is_err());
                let row = row.unwrap_or_else(|error| format!("{error:#} | | | FAILED"));
                writeln!(table, "| {client} | {mode} | {row} |")?;
            }
        }
    }
    println!("{table}");
    if args.url.is_none() {
        failed += approvals::run(repo, &lab, &args.only)?;
    }
    anyhow::ensure!(failed == 0, "{failed} clients failed");
    Ok(())
}

fn named(args: &Args) -> Option<Errand> {
    Some(Errand {
        url: args.url.clone()?,
        token: args.token.clone()?,
        allowed: args.allowed.clone()?,
        denied: args.denied.clone()?,
        arguments: args.arguments.clone(),
        tools: None,
        refusal: "",
    })
}

fn ours(access: &Access, (denied, refusal): (&str, &'static str)) -> Errand {
    Errand {
        url: access.gateway_url.clone(),
        token: access.token.clone(),
        allowed: "get_price".to_owned(),
        denied: denied.to_owned(),
        arguments: r#"{"symbol": "BTC"}"#.to_owned(),
        tools: Some(vec!["get_price", "place_order"]),
        refusal,
    }
}

/// The clients, installed.
struct Lab {
    home: PathBuf,
    sources: PathBuf,
    target: PathBuf,
    python: Python,
    node: PathBuf,
}

impl Lab {
    fn install(repo: &Repo, only: &str) -> anyhow::Result<Self> {
        let (home, sources) = (target(repo).join("clients"), repo.path("tests/clients"));
        let python = Python::install(repo)?;
        for client in
            ["typescript-v1", "typescript-v2", "inspector"].into_iter().filter(|name| name.contains(only))
        {
            let into = home.join(client);
            npm(&sources.join(client), &into)?;
            // Node looks for packages beside the file that imports them.
            std::fs::copy(sources.join("session.mjs"), into.join("session.mjs"))?;
            std::fs::copy(sources.join(client).join("client.mjs"), into.join("client.mjs"))?;
        }
        if "rmcp".contains(only) {
            repo.run(&cargo(), &["build", "--quiet", "--package", "tests", "--example", "rmcp-client"])?;
        }
        let node = python.node()?;
        Ok(Self { home, sources, target: target(repo), python, node })
    }

    /// A server to put behind the gateway, and where it is.
    fn fixture(&self, repo: &Repo) -> anyhow::Result<(String, Running)> {
        repo.run(&cargo(), &["build", "--quiet", "--package", "testkit", "--bin", "fixture-server"])?;
        let (tools, address) = (self.home.join("tools.json"), free_address()?);
        std::fs::write(&tools, TOOLS)?;
        let mut command = Command::new(self.target.join("debug/fixture-server"));
        command.arg("--tools").arg(&tools).args(["--listen", &address.to_string()]);
        let mut running = Running::start("the fixture server", &mut command, &self.home.join("fixture.log"))?;
        running.listens(address)?;
        Ok((format!("http://{address}/mcp"), running))
    }

    fn command(&self, client: &str) -> Command {
        let script = |path: &Path, interpreter: &Path| {
            let mut command = Command::new(interpreter);
            command.arg(path);
            command
        };
        match client {
            "python" => script(&self.sources.join("python/client.py"), &self.python.program()),
            "rmcp" => Command::new(self.target.join("debug/examples/rmcp-client")),
            _ => script(&self.home.join(client).join("client.mjs"), &self.node),
        }
    }

    /// Runs one client and describes what it saw; the error says what was wrong.
    fn row(&self, client: &str, mode: &str, errand: &Errand) -> anyhow::Result<String> {
        let log = self.home.join("out").join(format!("{client}-{mode}-{}.log", errand.denied));
        let mut command = self.command(client);
        command.env("MCP_URL", &errand.url).env("MCP_TOKEN", &errand.token).env("MCP_MODE", mode);
        command.env("MCP_ALLOWED", &errand.allowed).env("MCP_DENIED", &errand.denied);
        command.env("MCP_ARGUMENTS", &errand.arguments);
        let mut running = Running::start(client, &mut command, &log)?;
        running.ends(PATIENCE)?.with_context(|| format!("took too long, see {}", log.display()))?;
        let printed = std::fs::read_to_string(&log)?;
        let line = printed.lines().find(|line| line.starts_with("{\""));
        let report: Report = line
            .and_then(|line| serde_json::from_str(line).ok())
            .with_context(|| format!("no report in {}", log.display()))?;
        let shown =
            format!("{} | {} | {}", report.tools.len(), report.allowed.short(), report.denied.short());
        anyhow::ensure!(report.ok, "{shown}, see {}", log.display());
        anyhow::ensure!(
            report.denied.whole().contains(errand.refusal),
            "{shown} does not say `{}`",
            errand.refusal
        );
        if let Some(expected) = &errand.tools {
            anyhow::ensure!(report.tools == *expected, "lists {:?} instead of {expected:?}", report.tools);
        }
        Ok(format!("{shown} | ok"))
    }
}

impl Outcome {
    /// The text, or the error.
    fn whole(&self) -> String {
        let error = self.error.as_ref().map(|error| format!("error {error}"));
        error.or_else(|| self.text.clone()).unwrap_or_default()
    }

    /// One cell of the table.
    fn short(&self) -> String {
        self.whole().replace(['|', '\n'], " ").chars().take(90).collect()
    }
}
