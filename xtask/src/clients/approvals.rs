//! Calls that people have to approve, made by real clients over two gateways.

use std::{
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CLIENTS, Lab, PATIENCE};
use crate::{
    product::{EMAIL, PASSWORD, Product, Profile, build},
    repo::Repo,
    running::Running,
    talk::Talk,
};

/// Buying takes one person, moving funds two, and what is approved for prices is soon too old.
const POLICY: &str = r#"{"version": "1", "default": "deny", "tools": {"place_order": {"approval": {}},
    "withdraw": {"approval": {"quorum": 2}}, "get_price": {"approval": {"expires_in": 2}}}}"#;
/// The clients that take part; the others cannot keep two sessions at once.
const PATIENT: [&str; 3] = ["typescript-v1", "typescript-v2", "python"];
/// The two gateways, as clients number them.
const HERE: usize = 0;
const ELSEWHERE: usize = 1;

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
    if errands.is_empty() {
        return Ok(0);
    }
    let (command, address) = product.gateway_beside("elsewhere")?;
    let mut gateway = Command::new("sh");
    gateway.args(["-c", &format!("exec {command}")]);
    let mut second = Running::start("the second gateway", &mut gateway, &lab.home.join("elsewhere.log"))?;
    second.listens(address)?;
    let mut people = Command::new(&lab.node);
    people.arg(lab.sources.join("people.mjs")).env("API", format!("http://{}", product.address()));
    people.env("EMAIL", EMAIL).env("PASSWORD", PASSWORD);
    let mut people = People(Talk::start("people.mjs", &mut people, &lab.home.join("people.log"))?);
    let mut failed = 0;
    println!("| client | era | approvals |\n|---|---|---|");
    for (client, mode, access) in errands {
        let elsewhere = access.gateway_url.replacen(&product.address().to_string(), &address.to_string(), 1);
        let mut command = lab.command(client);
        command.env("MCP_URL", &access.gateway_url).env("MCP_ELSEWHERE", elsewhere);
        command.env("MCP_TOKEN", &access.token).env("MCP_MODE", mode);
        let log = lab.home.join("out").join(format!("{client}-{mode}-approvals.log"));
        let came =
            Talk::start(client, &mut command, &log).and_then(|talk| scenes(&mut Agent(talk), &mut people));
        failed += usize::from(came.is_err());
        println!("| {client} | {mode} | {} |", came.unwrap_or_else(|error| format!("{error:#} FAILED")));
    }
    Ok(failed)
}

/// All that has to be true of approvals, one scene after the other; gives their names.
fn scenes(agent: &mut Agent, people: &mut People) -> anyhow::Result<String> {
    type Scene = fn(&mut Agent, &mut People) -> anyhow::Result<()>;
    let scenes: [(&str, Scene); 4] = [
        ("parked, approved, passed once, changed argument denied, second use denied", once),
        ("of two retries at once one passes", at_once),
        ("two people", two_people),
        ("expired", expired),
    ];
    for (name, scene) in scenes {
        scene(agent, people).with_context(|| format!("not so: {name}"))?;
    }
    Ok(format!("{}: ok", scenes.map(|(name, _)| name).join("; ")))
}

fn once(agent: &mut Agent, people: &mut People) -> anyhow::Result<()> {
    let (order, larger) = (json!({ "symbol": "BTC", "amount": 2 }), json!({ "symbol": "BTC", "amount": 20 }));
    let id = agent.call(HERE, "place_order", &order)?.pending()?;
    ensure!(
        agent.call(ELSEWHERE, "place_order", &order)?.pending()? == id,
        "the same call is another request"
    );
    people.approves(0, &id)?;
    ensure!(
        agent.call(ELSEWHERE, "place_order", &larger)?.pending()? != id,
        "another amount is the same request"
    );
    agent.call(ELSEWHERE, "place_order", &order)?.passed()?;
    ensure!(agent.call(HERE, "place_order", &order)?.pending()? != id, "used up, and not asked anew");
    Ok(())
}

fn at_once(agent: &mut Agent, people: &mut People) -> anyhow::Result<()> {
    let order = json!({ "symbol": "ETH", "amount": 1 });
    let id = agent.call(HERE, "place_order", &order)?.pending()?;
    people.approves(0, &id)?;
    let both = agent.calls(&[HERE, ELSEWHERE], "place_order", &order)?;
    let passed = both.iter().filter(|answer| answer.passed().is_ok()).count();
    ensure!(passed == 1, "{passed} of two passed: {both:?}");
    Ok(())
}

fn two_people(agent: &mut Agent, people: &mut People) -> anyhow::Result<()> {
    let funds = json!({ "symbol": "BTC", "amount": 1 });
    let id = agent.call(HERE, "withdraw", &funds)?.pending()?;
    people.approves(0, &id)?;
    let again = people.decides(0, &id, "approve")?;
    ensure!(again.status == 409, "one person approves twice: {again:?}");
    ensure!(agent.call(ELSEWHERE, "withdraw", &funds)?.pending()? == id, "one of two is enough");
    people.approves(1, &id)?;
    agent.call(ELSEWHERE, "withdraw", &funds)?.passed()
}

fn expired(agent: &mut Agent, people: &mut People) -> anyhow::Result<()> {
    let question = json!({ "symbol": "BTC" });
    let id = agent.call(HERE, "get_price", &question)?.pending()?;
    people.approves(0, &id)?;
    let begun = Instant::now();
    while people.status(&id)? != "expired" {
        ensure!(begun.elapsed() < PATIENCE, "it does not expire");
        sleep(Duration::from_millis(100));
    }
    ensure!(agent.call(ELSEWHERE, "get_price", &question)?.pending()? != id, "what expired goes on");
    Ok(())
}

/// A client with a session at each gateway.
struct Agent(Talk);

impl Agent {
    fn call(&mut self, at: usize, tool: &str, arguments: &Value) -> anyhow::Result<Answer> {
        self.calls(&[at], tool, arguments)?.pop().context("no answer")
    }

    /// The same call at several gateways at once.
    fn calls(&mut self, at: &[usize], tool: &str, arguments: &Value) -> anyhow::Result<Vec<Answer>> {
        let call = |at: &usize| json!({ "at": at, "tool": tool, "arguments": arguments });
        self.0.ask(&at.iter().map(call).collect::<Vec<_>>())
    }
}

/// What a client says of a call: `isError` and the result's `meta`, or `error`.
#[derive(Debug, Deserialize)]
struct Answer(Value);

impl Answer {
    fn passed(&self) -> anyhow::Result<()> {
        ensure!(self.0.get("isError") == Some(&Value::Bool(false)), "did not pass: {self:?}");
        Ok(())
    }

    /// The request that it waits for.
    fn pending(&self) -> anyhow::Result<String> {
        let approval = self.0.pointer("/meta/policylayer.com~1decision/approval");
        let field = |name: &str| approval?.get(name)?.as_str();
        let denied = self.0.get("isError") == Some(&Value::Bool(true));
        let id = field("id").filter(|_| denied && field("status") == Some("pending"));
        Ok(id.with_context(|| format!("not waiting: {self:?}"))?.to_owned())
    }
}

/// Two people who may approve.
struct People(Talk);

/// What the API answered.
#[derive(Debug, Deserialize)]
struct Reply {
    status: u16,
    body: Value,
}

impl People {
    fn decides(&mut self, who: usize, approval: &str, verb: &str) -> anyhow::Result<Reply> {
        self.0.ask(&json!({ "who": who, "approval": approval, "verb": verb }))
    }

    fn approves(&mut self, who: usize, approval: &str) -> anyhow::Result<()> {
        let reply = self.decides(who, approval, "approve")?;
        ensure!(reply.status == 200, "not approved: {reply:?}");
        Ok(())
    }

    fn status(&mut self, approval: &str) -> anyhow::Result<String> {
        let reply: Reply = self.0.ask(&json!({ "who": 0, "approval": approval }))?;
        let status = reply.body.get("status").and_then(Value::as_str);
        Ok(status.with_context(|| format!("no status: {reply:?}"))?.to_owned())
    }
}
