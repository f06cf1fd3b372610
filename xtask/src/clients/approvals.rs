//! A call that people have to approve, made by real clients over two gateways: parked at the first, passed once at the
//! second, parked anew at the first.

use std::{
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Context;
use serde::Deserialize;

use super::{CLIENTS, Lab, PATIENCE};
use crate::{
    product::{Access, EMAIL, PASSWORD, Product, Profile, build},
    repo::Repo,
    running::Running,
};

/// Buying needs approval.
const POLICY: &str = r#"{"version": "1", "default": "deny", "tools": {"place_order": {"approval": {}}}}"#;

/// The clients that take part; the others cannot keep two sessions at once.
const PATIENT: [&str; 3] = ["typescript-v1", "typescript-v2", "python"];

/// What a client prints first.
#[derive(Deserialize)]
struct Parked {
    parked: Request,
}

#[derive(Deserialize)]
struct Request {
    id: String,
}

/// What it prints last.
#[derive(Deserialize)]
struct Report {
    ok: bool,
}

/// Runs every client in every era it knows; prints a table and says how many failed.
pub(super) fn run(repo: &Repo, lab: &Lab, only: &str) -> anyhow::Result<usize> {
    let upstream = lab.fixture(repo)?;
    let product = Product::start(&build(repo, Profile::Debug)?, &lab.home.join("approvals"), &[])?;
    let mut errands = Vec::new();
    for (client, modes) in CLIENTS.iter().filter(|(client, _)| PATIENT.contains(client)) {
        for mode in modes.iter().filter(|_| client.contains(only)) {
            let access = product.quickstart(&format!("{client}-{mode}"), &upstream.0, POLICY)?;
            errands.push((*client, *mode, access));
        }
    }
    let (command, address) = product.gateway_beside("elsewhere")?;
    let mut gateway = Command::new("sh");
    gateway.args(["-c", &format!("exec {command}")]);
    let mut second = Running::start("the second gateway", &mut gateway, &lab.home.join("elsewhere.log"))?;
    second.listens(address)?;
    let mut failed = 0;
    println!("| client | era | parked, approved, passed elsewhere, parked anew |\n|---|---|---|");
    for (client, mode, access) in errands {
        let elsewhere = access.gateway_url.replacen(&product.address().to_string(), &address.to_string(), 1);
        let came = lab.approved(&product, (client, mode), &access, &elsewhere);
        failed += usize::from(came.is_err());
        let came = came.map_or_else(|error| format!("{error:#} FAILED"), |()| "ok".to_owned());
        println!("| {client} | {mode} | {came} |");
    }
    Ok(failed)
}

impl Lab {
    /// Runs one client, and approves what it parks.
    fn approved(
        &self,
        product: &Product,
        (client, mode): (&str, &str),
        access: &Access,
        elsewhere: &str,
    ) -> anyhow::Result<()> {
        let log = self.home.join("out").join(format!("{client}-{mode}-approval.log"));
        let mut command = self.command(client);
        command.env("MCP_URL", &access.gateway_url).env("MCP_ELSEWHERE", elsewhere);
        command.env("MCP_TOKEN", &access.token).env("MCP_MODE", mode);
        command.env("MCP_ASKS", "place_order").env("MCP_ARGUMENTS", r#"{"symbol": "BTC", "amount": 2}"#);
        let mut running = Running::start(client, &mut command, &log)?;
        let said = |wanted: &str| -> anyhow::Result<Option<String>> {
            let printed = std::fs::read_to_string(&log)?;
            // Half a line is no line yet.
            let whole = printed.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            Ok(whole.map(str::trim).find(|line| line.starts_with(wanted)).map(str::to_owned))
        };
        let started = Instant::now();
        let parked = loop {
            if let Some(line) = said("{\"parked\"")? {
                break serde_json::from_str::<Parked>(&line)
                    .with_context(|| format!("not parked: {line}"))?;
            }
            anyhow::ensure!(started.elapsed() < PATIENCE, "nothing parked, see {}", log.display());
            sleep(Duration::from_millis(20));
        };
        let mut approver = Command::new(&self.node);
        approver.arg(self.sources.join("approver.mjs"));
        approver
            .env("API", format!("http://{}", product.address()))
            .env("EMAIL", EMAIL)
            .env("PASSWORD", PASSWORD);
        let output = approver.env("APPROVAL", &parked.parked.id).output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        running.ends(PATIENCE)?.with_context(|| format!("took too long, see {}", log.display()))?;
        let line = said("{\"ok\"")?.with_context(|| format!("no report in {}", log.display()))?;
        anyhow::ensure!(serde_json::from_str::<Report>(&line)?.ok, "{line}");
        Ok(())
    }
}
