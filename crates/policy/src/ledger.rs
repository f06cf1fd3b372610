//! What calls have taken, counted in the plainest way: sums by counter and by the place in time that the counter's
//! window gives them. Cases count exactly; a replay that does not know every amount counts between two bounds.
//!
//! Of the charges that do not fit, the first is refused by: charges stand in the order of the first limit on their
//! counter, from general layers to specific. Of the limits on that counter the first whose `max` would be passed is
//! named. Stores that count for the gateway hold to the same rule.

use std::collections::{BTreeMap, HashMap};

use crate::{Amount, Charge, Counter, Denial, Permit};

/// Parts of a rolling window; the one that is partly over counts in full.
const PARTS: i64 = 60;

/// What counters have left, by name.
pub(crate) type Remaining = BTreeMap<String, Amount>;

/// Counters that begin empty. Time must not run backwards.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// For each counter what was taken, oldest first.
    taken: HashMap<Counter, Vec<Span>>,
}

/// What was taken at one place in time.
#[derive(Debug, Clone, Copy)]
struct Span {
    place: i64,
    taken: Range,
}

/// An amount that is known as far as this: from `least` to `most`; without `most` there is no telling how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) least: Amount,
    pub(crate) most: Option<Amount>,
}

/// A charge that does not fit.
struct Over {
    used: Amount,
    retry_after_ms: u64,
}

impl Range {
    pub(crate) const NOTHING: Self = Self::exactly(Amount::ZERO);

    pub(crate) const fn exactly(amount: Amount) -> Self {
        Self { least: amount, most: Some(amount) }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        // A sum out of range is more than any limit, and so is no bound at all.
        let most = self.most.zip(other.most).and_then(|(one, two)| one.checked_add(two));
        Self { least: self.least.checked_add(other.least).unwrap_or(self.least), most }
    }
}

impl Ledger {
    /// Takes all that a permit costs and gives what its counters have left, by name; or takes nothing.
    pub(crate) fn take(&mut self, permit: &Permit, now_ms: i64) -> Result<Remaining, Box<Denial>> {
        let mut first: Option<(usize, Amount)> = None;
        let mut wait = 0;
        let mut remaining = Remaining::new();
        for (index, charge) in permit.charges().iter().enumerate() {
            match self.fits(charge, now_ms) {
                Ok(left) => {
                    // Counters of one name in several scopes: the one that runs out first says how far one may go.
                    let least = remaining.entry(charge.counter.name.to_string()).or_insert(left);
                    *least = (*least).min(left);
                }
                Err(over) => {
                    first = first.or(Some((index, over.used)));
                    wait = wait.max(over.retry_after_ms);
                }
            }
        }
        if let Some((index, used)) = first {
            return Err(Box::new(permit.over(index, used, wait)));
        }
        for charge in permit.charges() {
            self.add(&charge.counter, Range::exactly(charge.amount), now_ms);
        }
        Ok(remaining)
    }

    /// Notes what was taken.
    pub(crate) fn add(&mut self, counter: &Counter, amount: Range, now_ms: i64) {
        let place = place(counter, now_ms);
        if !self.taken.contains_key(counter) {
            self.taken.insert(counter.clone(), Vec::new());
        }
        let Some(spans) = self.taken.get_mut(counter) else { return };
        spans.retain(|span| counts(counter, span.place, place));
        match spans.last_mut() {
            Some(last) if last.place == place => last.taken = last.taken.plus(amount),
            _ => spans.push(Span { place, taken: amount }),
        }
    }

    /// What a counter holds.
    pub(crate) fn held(&self, counter: &Counter, now_ms: i64) -> Range {
        let now = place(counter, now_ms);
        let spans = self.taken.get(counter).map(Vec::as_slice).unwrap_or_default();
        let live = spans.iter().filter(|span| counts(counter, span.place, now));
        live.fold(Range::NOTHING, |sum, span| sum.plus(span.taken))
    }

    /// Forgets counters of which nothing counts any more.
    pub(crate) fn forget(&mut self, now_ms: i64) {
        self.taken.retain(|counter, spans| {
            let now = place(counter, now_ms);
            spans.iter().any(|span| counts(counter, span.place, now))
        });
    }

    /// How many counters it knows.
    pub(crate) fn len(&self) -> usize {
        self.taken.len()
    }

    /// What would be left after a charge, if it fits.
    fn fits(&self, charge: &Charge, now_ms: i64) -> Result<Amount, Over> {
        // Each was admitted under a maximum, so the sum is in range.
        let used = self.held(&charge.counter, now_ms).least;
        let after = |used: Amount| used.checked_add(charge.amount).filter(|sum| *sum <= charge.max);
        if let Some(sum) = after(used) {
            return Ok(charge.max.saturating_sub(sum));
        }
        let free_at = if charge.counter.rolling {
            let (part, now) = (part_ms(&charge.counter), place(&charge.counter, now_ms));
            let spans = self.taken.get(&charge.counter).map(Vec::as_slice).unwrap_or_default();
            let live: Vec<&Span> =
                spans.iter().filter(|span| counts(&charge.counter, span.place, now)).collect();
            let mut left = used;
            let enough = live.iter().find(|span| {
                left = left.saturating_sub(span.taken.least);
                after(left).is_some()
            });
            let leaves = enough.or(live.last()).map_or(now + PARTS, |span| span.place + PARTS + 1);
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
