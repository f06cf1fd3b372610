//! What a case's calls have taken, counted exactly and in the plainest way: sums by counter and by the place in time
//! that the counter's window gives them.

use std::collections::HashMap;

use crate::{Amount, Charge, Counter, Denial, Permit};

/// Parts of a rolling window; the one that is partly over counts in full.
const PARTS: i64 = 60;

/// Counters that begin empty. Time must not run backwards.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// For each counter what was taken, by place, oldest first.
    taken: HashMap<Counter, Vec<(i64, Amount)>>,
}

/// A charge that does not fit.
struct Over {
    used: Amount,
    retry_after_ms: u64,
}

impl Ledger {
    /// Takes all that a permit costs, or nothing: then the denial names the first charge that does not fit, and
    /// the longest wait among those.
    pub(super) fn refusal(&mut self, permit: &Permit, now_ms: i64) -> Option<Denial> {
        let mut first: Option<(usize, Amount)> = None;
        let mut wait = 0;
        for (index, charge) in permit.charges().iter().enumerate() {
            if let Err(over) = self.fits(charge, now_ms) {
                first = first.or(Some((index, over.used)));
                wait = wait.max(over.retry_after_ms);
            }
        }
        if let Some((index, used)) = first {
            return Some(permit.over(index, used, wait));
        }
        for charge in permit.charges() {
            let place = place(&charge.counter, now_ms);
            let sums = self.taken.entry(charge.counter.clone()).or_default();
            sums.retain(|(at, _)| counts(&charge.counter, *at, place));
            match sums.last_mut() {
                Some((at, sum)) if *at == place => *sum = sum.checked_add(charge.amount).unwrap_or(*sum),
                _ => sums.push((place, charge.amount)),
            }
        }
        None
    }

    fn fits(&self, charge: &Charge, now_ms: i64) -> Result<(), Over> {
        let now = place(&charge.counter, now_ms);
        let sums = self.taken.get(&charge.counter).map(Vec::as_slice).unwrap_or_default();
        let live: Vec<(i64, Amount)> =
            sums.iter().copied().filter(|(at, _)| counts(&charge.counter, *at, now)).collect();
        // Each was admitted under a maximum, so the sum is in range.
        let used = live.iter().fold(Amount::ZERO, |sum, (_, taken)| sum.checked_add(*taken).unwrap_or(sum));
        let fits = |used: Amount| used.checked_add(charge.amount).is_some_and(|sum| sum <= charge.max);
        if fits(used) {
            return Ok(());
        }
        let free_at = if charge.counter.rolling {
            let part = part_ms(&charge.counter);
            let mut left = used;
            let enough = live.iter().find(|(_, taken)| {
                left = left.saturating_sub(*taken);
                fits(left)
            });
            let leaves = enough.or(live.last()).map_or(now + PARTS, |(at, _)| at + PARTS + 1);
            leaves.saturating_mul(part)
        } else {
            charge.counter.window.bounds(now_ms).1
        };
        // With nothing taken yet it never fits, and the denial says so without a time.
        Err(Over { used, retry_after_ms: free_at.abs_diff(now_ms) })
    }
}

/// Where in time a charge is counted: a window's beginning, or the number of a part.
fn place(counter: &Counter, now_ms: i64) -> i64 {
    if counter.rolling { now_ms.div_euclid(part_ms(counter)) } else { counter.window.bounds(now_ms).0 }
}

fn counts(counter: &Counter, at: i64, now: i64) -> bool {
    if counter.rolling { at >= now - PARTS } else { at == now }
}

/// Rounded up, so that all parts together are never shorter than the window.
const fn part_ms(counter: &Counter) -> i64 {
    (counter.window.length_ms() + PARTS - 1) / PARTS
}
