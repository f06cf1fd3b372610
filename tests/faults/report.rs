//! The table at the end, and whether everything held.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use testkit::upstream::Call;

use super::load::Load;
use super::rig::Fault;

const KINDS: [Fault; 5] =
    [Fault::KillRedis, Fault::KillGateway, Fault::Flush, Fault::FailOver, Fault::StepClock];

/// Prints what came of it. False if a limit was passed, or a call was counted in part.
pub(crate) fn print(
    load: &Load,
    seen: &[Call],
    recoveries: &[(Fault, Duration)],
    counted: &HashMap<String, Vec<u64>>,
    took: Duration,
) -> bool {
    let mut by_account: HashMap<&str, usize> = HashMap::new();
    for call in seen {
        *by_account.entry(call.arguments.as_str()).or_default() += 1;
    }
    let over: usize = by_account.values().map(|seen| seen.saturating_sub(load.max)).sum();
    let met = by_account.values().filter(|seen| **seen == load.max).count();
    let in_part =
        counted.values().filter(|sums| sums.len() != 4 || sums.iter().any(|sum| Some(sum) != sums.first()));
    let in_part = in_part.count();
    let total: u64 = counted.values().filter_map(|sums| sums.first()).sum();
    let unspent = usize::try_from(total).unwrap_or(usize::MAX).saturating_sub(seen.len());
    let number = |count: &std::sync::atomic::AtomicUsize| count.load(Ordering::Relaxed).to_string();
    let rows = [
        ("calls", load.calls.to_string()),
        ("limits of each call", "4".to_owned()),
        ("accounts, and what each limit allows one", format!("{}, {}", by_account.len(), load.max)),
        ("accounts whose limits were met exactly", met.to_string()),
        ("calls that the server saw", seen.len().to_string()),
        ("calls that the callers know to have passed", number(&load.admitted)),
        ("refused: a limit was used up", number(&load.used_up)),
        ("refused: limits could not be checked", number(&load.unchecked)),
        ("without an answer", number(&load.unanswered)),
        ("counted, but not seen by the server", unspent.to_string()),
        ("OVER-ADMISSIONS", over.to_string()),
        ("PARTIAL DEBITS (accounts whose four counters differ)", in_part.to_string()),
    ];
    for (name, value) in rows {
        println!("{name:<54} {value}");
    }
    for fault in KINDS {
        let mut times: Vec<_> =
            recoveries.iter().filter(|(of, _)| *of == fault).map(|(_, took)| took.as_millis()).collect();
        if times.is_empty() {
            continue;
        }
        times.sort_unstable();
        let (median, longest) = (times.get(times.len() / 2), times.last());
        println!(
            "{:<54} {}, judged again after {} ms (median), {} ms (longest)",
            format!("{fault:?}"),
            times.len(),
            median.copied().unwrap_or(0),
            longest.copied().unwrap_or(0)
        );
    }
    println!("took {took:.1?}");
    over == 0 && in_part == 0
}
