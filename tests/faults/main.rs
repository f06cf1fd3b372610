//! The fault lab: four gateways over one Redis or a Redis Cluster that writes every change to disk, calls over four limits each,
//! and faults all the while. What the limits let through is counted by the MCP server behind the gateways. `cargo xtask faults`
//! runs it.
#![expect(clippy::print_stdout, reason = "a command-line tool talks on its standard output")]

mod load;
mod report;
mod rig;
mod store;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Context;

use rig::{Fault, Rig};

/// Limited callers at once; more than these only wait for each other.
const CALLERS: usize = 32;
/// How long limits may stay away after a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to do: the calls, and how often each fault happens while they are made.
struct Plan {
    clustered: bool,
    calls: usize,
    faults: Vec<Fault>,
}

impl Plan {
    /// STORE CALLS and how often each kind of fault.
    fn read() -> anyhow::Result<Self> {
        const USAGE: &str =
            "usage: faults one|cluster CALLS KILLS_OF_REDIS KILLS_OF_GATEWAYS FLUSHES FAILOVERS CLOCK_STEPS";
        let mut arguments = std::env::args().skip(1);
        let clustered = match arguments.next().as_deref() {
            Some("one") => false,
            Some("cluster") => true,
            _ => anyhow::bail!(USAGE),
        };
        let numbers: Vec<usize> = arguments.map(|argument| argument.parse()).collect::<Result<_, _>>()?;
        let [calls, redis, gateways, flushes, failovers, steps] = *numbers.as_slice() else {
            anyhow::bail!(USAGE);
        };
        anyhow::ensure!(clustered || failovers == 0, "one Redis cannot fail over: name cluster");
        let kinds = [
            (Fault::KillRedis, redis),
            (Fault::KillGateway, gateways),
            (Fault::Flush, flushes),
            (Fault::FailOver, failovers),
            (Fault::StepClock, steps),
        ];
        // Each kind spread evenly over the run.
        let mut faults: Vec<(usize, Fault)> = Vec::new();
        for (fault, count) in kinds {
            faults.extend((0..count).map(|turn| ((2 * turn + 1) * 10_000 / (2 * count), fault)));
        }
        faults.sort_by_key(|(at, _)| *at);
        Ok(Self { clustered, calls, faults: faults.into_iter().map(|(_, fault)| fault).collect() })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything held.
async fn run() -> anyhow::Result<bool> {
    let plan = Plan::read()?;
    let (mut rig, load) = Rig::start(plan.clustered, plan.calls).await?;
    let (begun, load) = (Instant::now(), Arc::new(load));
    let callers: Vec<_> = (0..CALLERS).map(|caller| tokio::spawn(Arc::clone(&load).go_on(caller))).collect();
    let mut recoveries = Vec::new();
    for (turn, fault) in plan.faults.iter().enumerate() {
        let due = (turn + 1) * plan.calls / (plan.faults.len() + 1);
        while load.made.load(Ordering::Relaxed) < due {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        rig.suffer(*fault, turn, &load).await?;
        let since = Instant::now();
        load.judged_again(since, PATIENCE).await.with_context(|| format!("after {fault:?}"))?;
        eprintln!("{due} calls made, {fault:?}: limits judged again after {:.1?}", since.elapsed());
        recoveries.push((*fault, since.elapsed()));
    }
    for caller in callers {
        caller.await?;
    }
    let (calls, took) = (rig.upstream.calls(), begun.elapsed());
    Ok(report::print(&load, &calls, &recoveries, &rig.store.counted()?, took))
}
