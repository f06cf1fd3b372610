//! One organisation's counters, its epoch and its fences.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use policy::{Charge, Counter, OnOutage};

use super::slot::{Misfit, Slot};
use crate::opening::gather;
use crate::{OpenError, Opening, Refusal, Reservation, Standing};

#[derive(Debug)]
pub(super) struct Org {
    pub(super) name: Box<str>,
    /// 0 until it is opened.
    epoch: u64,
    /// Windows that began before this moment are closed.
    closed_before: i64,
    fence: u64,
    fences: HashMap<Box<str>, u64>,
    slots: HashTable<(Counter, Slot)>,
}

impl Org {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            epoch: 0,
            closed_before: i64::MIN,
            fence: 0,
            fences: HashMap::new(),
            slots: HashTable::new(),
        }
    }

    pub(super) fn held(&self) -> usize {
        self.slots.len()
    }

    /// Takes every charge or none, at a time that never goes back.
    pub(super) fn reserve(
        &mut self,
        at: &Standing<'_>,
        charges: &[Charge],
        now: i64,
        hasher: &DefaultHashBuilder,
    ) -> Result<Reservation, Refusal> {
        if self.epoch == 0 || self.epoch != at.epoch {
            return Err(Refusal::Lost { epoch: self.epoch });
        }
        let version = self.fence.max(self.fences.get(at.identity).copied().unwrap_or(0));
        if at.version < version {
            return Err(Refusal::Fenced { version });
        }
        let mut found = Vec::with_capacity(charges.len());
        for (index, charge) in charges.iter().enumerate() {
            let closed_before =
                if charge.on_outage == OnOutage::Allow { i64::MIN } else { self.closed_before };
            let slot = self.slot(&charge.counter, hasher);
            match slot.take(charge.amount, charge.max, now, closed_before) {
                Ok(place) => found.push(place),
                Err(misfit) => {
                    let wait = self.longest_wait(charges.get(index + 1..).unwrap_or_default(), now, hasher);
                    for (charge, (place, _)) in charges.iter().zip(found) {
                        self.slot(&charge.counter, hasher).give_back(place, charge.amount);
                    }
                    return Err(misfit.refusal(index, wait));
                }
            }
        }
        Ok(Reservation::of(at, charges, found.into_iter()))
    }

    /// How long until the charges that cannot be taken now can, in milliseconds; leaves the counters as they are.
    fn longest_wait(&mut self, charges: &[Charge], now: i64, hasher: &DefaultHashBuilder) -> u64 {
        let mut longest = 0;
        for charge in charges {
            let closed_before =
                if charge.on_outage == OnOutage::Allow { i64::MIN } else { self.closed_before };
            let slot = self.slot(&charge.counter, hasher);
            match slot.take(charge.amount, charge.max, now, closed_before) {
                Ok((place, _)) => slot.give_back(place, charge.amount),
                Err(misfit) => longest = longest.max(misfit.wait()),
            }
        }
        longest
    }

    fn slot(&mut self, counter: &Counter, hasher: &DefaultHashBuilder) -> &mut Slot {
        let hash = hasher.hash_one(counter);
        let rehash = |(counter, _): &(Counter, Slot)| hasher.hash_one(counter);
        let entry = self.slots.entry(hash, |(known, _)| known == counter, rehash);
        let new = || (counter.clone(), Slot::new(counter.window, counter.rolling));
        &mut entry.or_insert_with(new).into_mut().1
    }

    pub(super) fn give_back(&mut self, reservation: &Reservation, hasher: &DefaultHashBuilder) {
        if reservation.epoch != self.epoch {
            return;
        }
        for taken in &reservation.taken {
            let hash = hasher.hash_one(&taken.counter);
            if let Some((_, slot)) = self.slots.find_mut(hash, |(known, _)| *known == taken.counter) {
                slot.give_back(taken.place, taken.amount);
            }
        }
    }

    /// Installs an epoch at `now`; answers the time that it then is.
    pub(super) fn open(
        &mut self,
        opening: &Opening,
        now: i64,
        hasher: &DefaultHashBuilder,
    ) -> Result<i64, OpenError> {
        if self.epoch > opening.epoch {
            return Err(OpenError::Older { epoch: self.epoch });
        }
        if self.epoch == opening.epoch {
            return Ok(now);
        }
        self.slots.clear();
        let mut now = now;
        for seed in gather(&opening.seeds) {
            now = now.max(seed.time_ms());
            self.slot(seed.counter, hasher).seed(&seed.places);
        }
        self.epoch = opening.epoch;
        // Something may have been taken in this very millisecond.
        self.closed_before = if opening.complete { i64::MIN } else { now.saturating_add(1) };
        Ok(now)
    }

    pub(super) fn fence(&mut self, identity: Option<&str>, version: u64) {
        let fence = match identity {
            None => &mut self.fence,
            Some(identity) => self.fences.entry_ref(identity).or_insert(0),
        };
        *fence = version.max(*fence);
    }

    /// Drops what counts nothing any more; answers how many counters are left.
    pub(super) fn sweep(&mut self, now: i64, hasher: &DefaultHashBuilder) -> usize {
        self.slots.retain(|(_, slot)| slot.is_live(now));
        self.slots.shrink_to(2 * self.slots.len(), |(counter, _)| hasher.hash_one(counter));
        self.slots.len()
    }
}

impl Misfit {
    fn refusal(self, index: usize, wait: u64) -> Refusal {
        let retry_after_ms = self.wait().max(wait);
        match self {
            Self::Over { used, .. } => Refusal::Over { index, used, retry_after_ms },
            Self::Closed { .. } => Refusal::Closed { index, retry_after_ms },
        }
    }
}
