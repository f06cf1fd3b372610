//! The replay lab: a server's recorded calls in a real Postgres, a draft that changes some of them, and `policylayer policy
//! replay` against the running product. Which calls it has to name is worked out from how they were made. `cargo xtask
//! replay` runs it.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]

mod records;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::Value;
use testkit::account::Account;
use testkit::postgres::database;
use testkit::product::{Product, command};
use testkit::upstream::Upstream;

/// What 100,000 calls may take.
const MOST: Duration = Duration::from_secs(10);

/// In force when the calls were made.
const POLICY: &str = r#"{"version": "1", "default": "deny", "tools": {"pay": {}, "read": {}, "delete": {}}}"#;
/// Caps payments, counts reads, refuses deletions and opens exports.
const DRAFT: &str = r#"{"version": "1", "default": "deny", "tools": {
    "pay": {"require": [{"conditions": [{"path": "args.amount", "op": "lte", "value": 100}], "on_deny": "At most 100."}]},
    "read": {"limits": [{"counter": "reads", "window": "month", "max": 1000000, "scope": "grant", "rolling": true}]},
    "delete": {"action": "deny", "reason": "Ask a person."},
    "export": {}
}}"#;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("replay: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether it named what it had to, in time.
async fn run() -> anyhow::Result<bool> {
    let count: usize = std::env::args().nth(1).context("usage: replay CALLS")?.parse()?;
    let database = database().await?;
    let product = Product::up(database.url(), &["--allow-upstream", "127.0.0.1/32"]).await?;
    let upstream = Upstream::builder().tools_named(["pay", "read", "delete", "export"]).start().await?;
    let account = Account::sign_up(&product.http(), "replay@example.com").await?;
    let agent = account.ready("bank", &upstream.url, POLICY).await?.initialize().await?;
    agent.call("read", &serde_json::json!({})).await?;
    account.events("", 1).await?;
    let begun = Instant::now();
    let expected = records::make(&database.store().await?, &account, &product.data_dir, count).await?;
    println!("{count} calls recorded in {:.1} s", begun.elapsed().as_secs_f64());

    let draft = product.data_dir.join("draft.json");
    std::fs::write(&draft, DRAFT)?;
    let begun = Instant::now();
    let output =
        command(&["policy", "replay", "--json", "--days", "2", "--server", "bank", "--api", &product.url])?
            .arg(&draft)
            .env("POLICYLAYER_API_TOKEN", &account.access)
            .output()
            .await?;
    let took = begun.elapsed();
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let replay: Value = serde_json::from_slice(&output.stdout)?;
    let named = named(&replay)?;
    let (missing, wrong) = (
        expected.iter().filter(|(event, effect)| named.get(*event) != Some(effect)).count(),
        named.iter().filter(|(event, effect)| expected.get(*event) != Some(effect)).count(),
    );
    let of = |effect: &str| named.values().filter(|found| *found == effect).count();
    println!("replayed in                    {:>10.2} s (at most {} s)", took.as_secs_f64(), MOST.as_secs());
    println!("calls a second                 {:>10.0}", count as f64 / took.as_secs_f64());
    println!("would be refused               {:>10}", of("would_deny"));
    println!("would pass                     {:>10}", of("would_allow"));
    println!("undecidable                    {:>10}", of("undecidable"));
    println!("differ and are not named so    {missing:>10}");
    println!("named so and do not differ     {wrong:>10}");
    println!("summary                        {}", replay.get("summary").unwrap_or(&Value::Null));
    Ok(missing == 0 && wrong == 0 && took <= MOST)
}

/// The calls that were named, with what becomes of them.
fn named(replay: &Value) -> anyhow::Result<BTreeMap<String, String>> {
    let text = |call: &Value, field: &str| {
        call.get(field)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .with_context(|| format!("no {field} in {call}"))
    };
    let calls = replay.get("calls").and_then(Value::as_array).context("no calls")?;
    calls.iter().map(|call| Ok((text(call, "event")?, text(call, "effect")?))).collect()
}
