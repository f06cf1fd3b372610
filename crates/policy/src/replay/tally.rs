//! What the draft's limits would have taken, as far as it is known.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ledger::{Ledger, Range};
use crate::{Amount, Charge, Counter};

use super::supposing::{Doubt, UNKNOWN_KEY};

/// The key under which is counted what was taken under any key. No digest reads like it.
const ANY_KEY: &str = "(any)";
/// Counters between two looks for those that are over.
const FORGET_EVERY: usize = 8_192;

/// Counters with what they hold at least and at most.
#[derive(Debug, Default)]
pub(super) struct Tally {
    ledger: Ledger,
    forget_at: usize,
}

/// Whether a charge fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    Enough,
    Unclear,
    None,
}

/// What one way of deciding a call takes from a counter.
#[derive(Debug, Clone)]
pub(super) struct Cost {
    counter: Counter,
    amount: Range,
}

impl Cost {
    pub(super) fn new(charge: &Charge, doubt: Doubt) -> Self {
        Self { counter: charge.counter.clone(), amount: amount(charge, doubt) }
    }

    /// The same, should the call pass.
    pub(super) fn perhaps(self) -> Self {
        Self { amount: Range { least: Amount::ZERO, ..self.amount }, ..self }
    }
}

fn amount(charge: &Charge, doubt: Doubt) -> Range {
    if doubt.amount { Range { least: charge.amount, most: None } } else { Range::exactly(charge.amount) }
}

impl Tally {
    /// Whether a charge fits, and what its counter holds at least.
    pub(super) fn room(&self, charge: &Charge, doubt: Doubt, now_ms: i64) -> (Room, Amount) {
        let held = self.held(&charge.counter, now_ms);
        let after = held.plus(amount(charge, doubt));
        let room = if after.most.is_some_and(|most| most <= charge.max) {
            Room::Enough
        } else if after.least > charge.max {
            Room::None
        } else {
            Room::Unclear
        };
        (room, held.least)
    }

    /// What a counter holds. Of one whose key is not known, at most what all together hold; to one whose key is known
    /// may belong what was taken under keys that are not.
    fn held(&self, counter: &Counter, now_ms: i64) -> Range {
        match counter.key.as_deref() {
            None => self.ledger.held(counter, now_ms),
            Some(UNKNOWN_KEY) => {
                let any = self.ledger.held(&keyed(counter, ANY_KEY), now_ms);
                Range { least: Amount::ZERO, ..any }
            }
            Some(_) => {
                let unknown = self.ledger.held(&keyed(counter, UNKNOWN_KEY), now_ms);
                self.ledger.held(counter, now_ms).plus(Range { least: Amount::ZERO, ..unknown })
            }
        }
    }

    /// Takes what a call costs, given what it would cost in each of the ways in which it may be decided.
    pub(super) fn take(&mut self, ways: &[Vec<Cost>], now_ms: i64) {
        let mut sums: HashMap<&Counter, (Range, usize)> = HashMap::new();
        for cost in ways.iter().flatten() {
            let (sum, times) = sums.entry(&cost.counter).or_insert((cost.amount, 0));
            sum.least = sum.least.min(cost.amount.least);
            sum.most = sum.most.zip(cost.amount.most).map(|(one, two)| one.max(two));
            *times += 1;
        }
        for (counter, (mut amount, times)) in sums {
            if times < ways.len() {
                amount.least = Amount::ZERO;
            }
            self.ledger.add(counter, amount, now_ms);
            if counter.key.is_some() {
                self.ledger.add(&keyed(counter, ANY_KEY), amount, now_ms);
            }
        }
        if self.ledger.len() > self.forget_at.max(FORGET_EVERY) {
            self.ledger.forget(now_ms);
            self.forget_at = self.ledger.len() * 2;
        }
    }
}

fn keyed(counter: &Counter, key: &str) -> Counter {
    Counter { key: Some(Arc::from(key)), ..counter.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OnOutage, Scope, Window};

    fn cost(name: &str, window: Window) -> (Charge, Vec<Vec<Cost>>) {
        let counter = Counter {
            scope: Scope::Org,
            scope_id: "acme".into(),
            name: name.into(),
            window,
            rolling: false,
            key: None,
        };
        let charge = Charge { counter, amount: Amount::ONE, max: Amount::ONE, on_outage: OnOutage::Deny };
        let ways = vec![vec![Cost::new(&charge, Doubt::default())]];
        (charge, ways)
    }

    #[test]
    fn counters_of_the_past_are_forgotten_and_none_that_still_counts() {
        let mut tally = Tally::default();
        let (kept, ways) = cost("kept", Window::Month);
        tally.take(&ways, 0);
        for second in 1..20_000_i64 {
            tally.take(&cost(&format!("c{second}"), Window::Second).1, second * 1_000);
            if second == 2 {
                assert_eq!(tally.ledger.len(), 3);
            }
        }
        assert!(tally.ledger.len() <= FORGET_EVERY, "{} counters", tally.ledger.len());
        assert_eq!(tally.room(&kept, Doubt::default(), 20_000_000), (Room::None, Amount::ONE));
    }
}
