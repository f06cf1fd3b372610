//! How many reservations a second one Redis and one process do: `cargo run --release -p counters --example reserve_rate --
//! redis://127.0.0.1:6379/ [tasks] [seconds] [connections] [charges]`, or `memory` instead of the URL.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use counters::{Counters, Memory, Opening, Redis, Settings, Standing};
use policy::{Amount, Charge, Counter, OnOutage, Scope, Window};

fn charges(task: usize, count: usize) -> Vec<Charge> {
    let charge = |index: usize| Charge {
        counter: Counter {
            scope: Scope::Grant,
            scope_id: format!("grant_{task:032x}").into(),
            name: format!("counter_{index}").into(),
            window: Window::Minute,
            rolling: false,
            key: None,
        },
        amount: Amount::ONE,
        max: Amount::from_parts(1 << 50, 0).unwrap_or_default(),
        on_outage: OnOutage::Deny,
    };
    (0..count).map(charge).collect()
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, default: usize| arguments.get(place).map_or(Ok(default), |text| text.parse());
    let store = arguments.first().map_or("memory", String::as_str);
    let (tasks, seconds, connections, count) = (number(1, 64)?, number(2, 5)?, number(3, 1)?, number(4, 1)?);
    let counters = Arc::new(match store {
        "memory" => Counters::Memory(Memory::new()),
        url => {
            let connections = NonZeroUsize::new(connections).ok_or("at least one connection")?;
            let redis = Redis::new(
                url,
                Settings { budget: Duration::from_secs(1), connections, ..Settings::default() },
            )?;
            redis.ping().await?;
            Counters::Redis(Box::new(redis))
        }
    });
    let opening = Opening { epoch: 1, complete: true, seeds: Vec::new() };
    counters.open("org_bench", &opening, now_ms()).await?;
    let (done, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let stop = Arc::new(AtomicBool::new(false));
    let start = Instant::now();
    let running: Vec<_> = (0..tasks)
        .map(|task| {
            let (counters, done, failed, stop) =
                (Arc::clone(&counters), Arc::clone(&done), Arc::clone(&failed), Arc::clone(&stop));
            tokio::spawn(async move {
                let charges = charges(task, count);
                let at = Standing { org: "org_bench", epoch: 1, identity: "identity", version: 1 };
                while !stop.load(Ordering::Relaxed) {
                    for _ in 0..16 {
                        let outcome = counters.reserve(&at, &charges, now_ms()).await;
                        failed.fetch_add(u64::from(outcome.is_err()), Ordering::Relaxed);
                    }
                    done.fetch_add(16, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(seconds as u64)).await;
    stop.store(true, Ordering::Relaxed);
    for task in running {
        task.await?;
    }
    let (done, failed, took) =
        (done.load(Ordering::Relaxed), failed.load(Ordering::Relaxed), start.elapsed());
    let rate = done as f64 / took.as_secs_f64();
    println!(
        "{store}: {done} reservations of {count} charges by {tasks} tasks in {took:?}: {rate:.0}/s, {failed} failed"
    );
    Ok(())
}
