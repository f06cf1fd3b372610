//! Opening an organisation's counters: a new epoch, with what is known to be taken already.

use std::collections::HashMap;

use model::Taken;
use policy::{Amount, Counter};

use crate::memory::{PARTS, part_ms};

/// What a counter holds at most: the largest amount there is.
const FULL: Amount = match Amount::from_parts((1 << 53) - 1, 999_999_999) {
    Some(full) => full,
    None => Amount::ZERO,
};

/// An epoch to install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its number: greater than that of every epoch before it, and below 2^53.
    pub epoch: u64,
    /// Whether `seeds` is all that was ever taken in the windows that are open now. If so, a counter without a seed is
    /// empty. If not, windows that have begun already stay closed until they end, but for charges that are admitted
    /// without a store too (`on_outage: allow`).
    pub complete: bool,
    /// What was taken in earlier epochs, in any order; what is over does no harm.
    pub seeds: Vec<Taken>,
}

/// An epoch that was not installed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The store has a later one.
    #[error("the counters are in epoch {epoch} already, which is later than the one to open")]
    Older {
        /// Its number.
        epoch: u64,
    },
    /// The store did not answer, or somebody else opened at the same time. Opening again is safe.
    #[error("the counters could not be opened: {0}")]
    Unavailable(String),
}

/// All that is known of one counter.
pub(crate) struct Seed<'a> {
    pub(crate) counter: &'a Counter,
    /// Places in ascending order, with what was taken there: one for a fixed window, for a rolling one those that count
    /// together with the latest.
    pub(crate) places: Vec<(i64, Amount)>,
}

impl Seed<'_> {
    /// The earliest time by the store's clock at which the latest of it can have been taken.
    pub(crate) fn time_ms(&self) -> i64 {
        let latest = self.places.last().map_or(i64::MIN, |(place, _)| *place);
        if self.counter.rolling { latest.saturating_mul(part_ms(self.counter.window)) } else { latest }
    }
}

/// What `taken` adds up to.
pub(crate) fn gather(taken: &[Taken]) -> Vec<Seed<'_>> {
    let mut counters: HashMap<&Counter, HashMap<i64, Amount>> = HashMap::new();
    for Taken { counter, amount, place, .. } in taken {
        let held = counters.entry(counter).or_default().entry(*place).or_insert(Amount::ZERO);
        *held = held.checked_add(*amount).unwrap_or(FULL);
    }
    let seed = |(counter, places): (_, HashMap<i64, Amount>)| {
        let counter: &Counter = counter;
        let mut places: Vec<_> = places.into_iter().collect();
        places.sort_unstable_by_key(|(place, _)| *place);
        let latest = places.last().map_or(0, |(place, _)| *place);
        let from = if counter.rolling { latest.saturating_sub(PARTS) } else { latest };
        places.retain(|(place, _)| *place >= from);
        let mut room = FULL;
        for (_, amount) in places.iter_mut().rev() {
            *amount = room.min(*amount);
            room = room.saturating_sub(*amount);
        }
        Seed { counter, places }
    };
    counters.into_iter().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use policy::Window;

    use super::*;
    use crate::contract::{amount, counter};

    fn check(rolling: bool, taken: &[(i64, &str)], expected: &[(i64, &str)]) {
        let counter = counter("calls", Window::Minute, rolling);
        let taken: Vec<Taken> = taken
            .iter()
            .map(|(place, text)| Taken {
                counter: counter.clone(),
                amount: amount(text),
                place: *place,
                level: None,
            })
            .collect();
        let seeds = gather(&taken);
        let expected: Vec<_> = expected.iter().map(|(place, text)| (*place, amount(text))).collect();
        assert_eq!(seeds.len(), 1);
        assert_eq!(seeds[0].places, expected);
    }

    #[test]
    fn what_was_taken_in_the_latest_window_is_added_up_exactly() {
        check(false, &[(60_000, "0.1"), (0, "7"), (60_000, "0.200000001")], &[(60_000, "0.300000001")]);
        check(true, &[(60, "1"), (120, "2"), (59, "9"), (60, "0.5")], &[(60, "1.5"), (120, "2")]);
    }

    #[test]
    fn more_than_a_counter_can_hold_is_the_most_it_can_hold() {
        let most = "9007199254740991.999999999";
        check(false, &[(0, most), (0, "5"), (0, "1")], &[(0, most)]);
        let nearly = "9007199254740990.999999999";
        check(true, &[(1, "5"), (2, "5"), (3, nearly)], &[(1, "0"), (2, "1"), (3, nearly)]);
    }

    #[test]
    fn a_seed_tells_the_time_at_which_it_began() {
        let at = |rolling, place| {
            let counter = counter("calls", Window::Minute, rolling);
            let places = vec![(1, Amount::ONE), (place, Amount::ONE)];
            Seed { counter: &counter, places }.time_ms()
        };
        assert_eq!((at(false, 60_000), at(true, 61)), (60_000, 61_000));
    }
}
