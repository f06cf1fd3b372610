//! Counters in this process.

mod slot;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;
use policy::{Amount, Charge, Counter};

use crate::{Refusal, Reservation};
pub(crate) use slot::part_ms;
use slot::{Over, Slot};

/// Independent parts, so that organisations seldom wait for each other. All charges of a call are one organisation's,
/// so one lock makes them one step.
const SHARDS: usize = 16;
/// Counters that a shard may hold before it looks for expired ones.
const SWEEP_FLOOR: usize = 1024;
/// At the latest after this much time a shard looks for expired counters, in milliseconds.
const SWEEP_EVERY: i64 = 60_000;

/// Counters in memory. They vanish with the process.
#[derive(Debug, Default)]
pub struct Memory {
    shards: Box<[Mutex<Shard>; SHARDS]>,
    hasher: RandomState,
}

impl Memory {
    /// No counters yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn reserve(&self, org: &str, charges: &[Charge], now_ms: i64) -> Result<Reservation, Refusal> {
        let taken = self.shard(org).lock().take(org, charges, now_ms)?;
        Ok(Reservation::of(org, charges, taken.into_iter()))
    }

    pub(crate) fn give_back(&self, reservation: &Reservation) {
        let mut shard = self.shard(&reservation.org).lock();
        let Some(slots) = shard.orgs.get_mut(&reservation.org) else { return };
        for taken in &reservation.taken {
            if let Some(slot) = slots.get_mut(&taken.counter) {
                slot.give_back(taken.place, taken.amount);
            }
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the index is a remainder by the array's length")]
    fn shard(&self, org: &str) -> &Mutex<Shard> {
        &self.shards[self.hasher.hash_one(org) as usize % SHARDS]
    }

    /// Counters held, expired ones included.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().orgs.values().map(HashMap::len).sum::<usize>()).sum()
    }
}

#[derive(Debug, Default)]
struct Shard {
    orgs: HashMap<Box<str>, HashMap<Counter, Slot>>,
    /// The latest time used; time never goes back behind it.
    high_water: i64,
    held: usize,
    sweep_at: usize,
    next_sweep: i64,
}

impl Shard {
    /// Takes every charge or none; gives the place and the remainder of each.
    fn take(&mut self, org: &str, charges: &[Charge], now_ms: i64) -> Result<Vec<(i64, Amount)>, Refusal> {
        self.high_water = self.high_water.max(now_ms);
        let now = self.high_water;
        if self.held >= self.sweep_at.max(SWEEP_FLOOR) || now >= self.next_sweep {
            self.sweep(now);
        }
        if !self.orgs.contains_key(org) {
            self.orgs.insert(org.into(), HashMap::new());
        }
        let Some(slots) = self.orgs.get_mut(org) else { return Ok(Vec::new()) };
        let mut taken = Vec::with_capacity(charges.len());
        let mut refusal: Option<(usize, Over)> = None;
        for (index, charge) in charges.iter().enumerate() {
            if !slots.contains_key(&charge.counter) {
                slots
                    .insert(charge.counter.clone(), Slot::new(charge.counter.window, charge.counter.rolling));
                self.held += 1;
            }
            let Some(slot) = slots.get_mut(&charge.counter) else { continue };
            match (slot.take(charge.amount, charge.max, now), &mut refusal) {
                (Ok(found), _) => taken.push((index, found)),
                (Err(over), None) => refusal = Some((index, over)),
                (Err(over), Some((_, first))) => {
                    first.retry_after_ms = first.retry_after_ms.max(over.retry_after_ms)
                }
            }
        }
        let Some((index, Over { used, retry_after_ms })) = refusal else {
            return Ok(taken.into_iter().map(|(_, found)| found).collect());
        };
        for (index, (place, _)) in taken {
            if let Some(charge) = charges.get(index)
                && let Some(slot) = slots.get_mut(&charge.counter)
            {
                slot.give_back(place, charge.amount);
            }
        }
        Err(Refusal::Over { index, used, retry_after_ms })
    }

    /// Drops what counts nothing any more.
    fn sweep(&mut self, now: i64) {
        self.orgs.retain(|_, slots| {
            slots.retain(|_, slot| slot.is_live(now));
            !slots.is_empty()
        });
        self.held = self.orgs.values().map(HashMap::len).sum();
        self.sweep_at = 2 * self.held;
        self.next_sweep = now.saturating_add(SWEEP_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use policy::{OnOutage, Scope, Window};

    use super::*;

    #[test]
    fn counters_of_the_past_do_not_pile_up() {
        let memory = Memory::new();
        let mut peak = 0;
        for minute in 0..200_i64 {
            for session in 0..500 {
                let counter = Counter {
                    scope: Scope::Session,
                    scope_id: format!("session-{minute}-{session}").into(),
                    name: "calls".into(),
                    window: Window::Minute,
                    rolling: session % 2 == 0,
                    key: None,
                };
                let charge =
                    Charge { counter, amount: Amount::ONE, max: Amount::ONE, on_outage: OnOutage::Deny };
                let org = format!("org-{}", session % 40);
                assert!(memory.reserve(&org, &[charge], minute * 60_000).is_ok());
            }
            peak = peak.max(memory.held());
        }
        assert!(peak < 40_000, "{peak} of 100,000 counters were held at once");
    }
}
