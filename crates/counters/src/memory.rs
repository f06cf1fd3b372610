//! Counters in this process.

mod org;
mod slot;

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use parking_lot::Mutex;
use policy::Charge;

use crate::{OpenError, Opening, Refusal, Reservation, Standing};
use org::Org;
pub(crate) use slot::{PARTS, part_ms, sum};

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
    hasher: DefaultHashBuilder,
}

impl Memory {
    /// No counters yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn reserve(
        &self,
        at: &Standing<'_>,
        charges: &[Charge],
        now_ms: i64,
    ) -> Result<Reservation, Refusal> {
        let hash = self.hasher.hash_one(at.org);
        self.shard(hash).lock().reserve(hash, at, charges, now_ms, &self.hasher)
    }

    pub(crate) fn give_back(&self, reservation: &Reservation) {
        let hash = self.hasher.hash_one(&*reservation.org);
        if let Some(org) = self.shard(hash).lock().org(hash, &reservation.org) {
            org.give_back(reservation, &self.hasher);
        }
    }

    pub(crate) fn open(&self, org: &str, opening: &Opening, now_ms: i64) -> Result<(), OpenError> {
        let hash = self.hasher.hash_one(org);
        let mut shard = self.shard(hash).lock();
        let now = shard.high_water.max(now_ms);
        let hasher = &self.hasher;
        let latest = shard.org_or_new(hash, org, hasher).open(opening, now, hasher)?;
        shard.high_water = latest;
        // Which counts the counters anew.
        shard.next_sweep = latest;
        Ok(())
    }

    pub(crate) fn fence(&self, org: &str, identity: Option<&str>, version: u64) {
        let hash = self.hasher.hash_one(org);
        self.shard(hash).lock().org_or_new(hash, org, &self.hasher).fence(identity, version);
    }

    #[expect(clippy::indexing_slicing, reason = "the index is a remainder by the array's length")]
    fn shard(&self, hash: u64) -> &Mutex<Shard> {
        // Tables go by the hash's lowest and highest bits; these are others.
        &self.shards[(hash >> 32) as usize % SHARDS]
    }

    /// Counters held, expired ones included.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().orgs.iter().map(Org::held).sum::<usize>()).sum()
    }
}

#[derive(Debug, Default)]
struct Shard {
    orgs: HashTable<Org>,
    /// The latest time used; time never goes back behind it.
    high_water: i64,
    /// Counters held.
    held: usize,
    sweep_at: usize,
    next_sweep: i64,
}

impl Shard {
    fn org(&mut self, hash: u64, name: &str) -> Option<&mut Org> {
        self.orgs.find_mut(hash, |org| &*org.name == name)
    }

    fn org_or_new(&mut self, hash: u64, name: &str, hasher: &DefaultHashBuilder) -> &mut Org {
        let rehash = |org: &Org| hasher.hash_one(&*org.name);
        self.orgs.entry(hash, |org| &*org.name == name, rehash).or_insert_with(|| Org::new(name)).into_mut()
    }

    /// Takes every charge or none.
    fn reserve(
        &mut self,
        hash: u64,
        at: &Standing<'_>,
        charges: &[Charge],
        now_ms: i64,
        hasher: &DefaultHashBuilder,
    ) -> Result<Reservation, Refusal> {
        self.high_water = self.high_water.max(now_ms);
        let now = self.high_water;
        if self.held >= self.sweep_at.max(SWEEP_FLOOR) || now >= self.next_sweep {
            self.sweep(now, hasher);
        }
        let org = self.org(hash, at.org).ok_or(Refusal::Lost { epoch: 0 })?;
        let before = org.held();
        let reserved = org.reserve(at, charges, now, hasher);
        let new = org.held() - before;
        self.held += new;
        reserved
    }

    /// Drops what counts nothing any more.
    fn sweep(&mut self, now: i64, hasher: &DefaultHashBuilder) {
        self.held = self.orgs.iter_mut().map(|org| org.sweep(now, hasher)).sum();
        self.sweep_at = 2 * self.held;
        self.next_sweep = now.saturating_add(SWEEP_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use policy::{Amount, Counter, OnOutage, Scope, Window};

    use super::*;

    fn per_session(session: usize, window: Window) -> Charge {
        let counter = Counter {
            scope: Scope::Session,
            scope_id: format!("session-{session}").into(),
            name: "calls".into(),
            window,
            rolling: session.is_multiple_of(2),
            key: None,
        };
        Charge { counter, amount: Amount::ONE, max: Amount::ONE, on_outage: OnOutage::Deny }
    }

    fn memory(orgs: usize) -> Memory {
        let memory = Memory::new();
        let opening = Opening { epoch: 1, complete: true, seeds: Vec::new() };
        for org in 0..orgs {
            memory.open(&format!("org-{org}"), &opening, 0).unwrap();
        }
        memory
    }

    fn call(memory: &Memory, org: &str, charge: Charge, now: i64) -> bool {
        let at = Standing { org, epoch: 1, identity: "me", version: 1 };
        memory.reserve(&at, &[charge], now).is_ok()
    }

    #[test]
    fn counters_of_the_past_do_not_pile_up() {
        let memory = memory(40);
        let mut peak = 0;
        for minute in 0..200 {
            for session in 0..500 {
                let charge = per_session(1_000 * minute + session, Window::Minute);
                let org = format!("org-{}", session % 40);
                assert!(call(&memory, &org, charge, 60_000 * i64::try_from(minute).unwrap()));
            }
            peak = peak.max(memory.held());
        }
        assert!(peak < 40_000, "{peak} of 100,000 counters were held at once");
    }

    #[test]
    fn what_still_counts_is_never_dropped() {
        let memory = memory(1);
        for session in 0..10 {
            assert!(call(&memory, "org-0", per_session(session, Window::Day), 0));
        }
        assert_eq!(memory.held(), 10);
        for minute in 1..10_000 {
            let charge = per_session(100 + usize::try_from(minute).unwrap(), Window::Second);
            assert!(call(&memory, "org-0", charge, minute * 6_000));
        }
        assert!((0..10).all(|session| !call(
            &memory,
            "org-0",
            per_session(session, Window::Day),
            60_000_000
        )));
        assert!(memory.held() < 3_000, "{}", memory.held());
    }

    #[test]
    fn a_crowd_of_counters_within_a_minute_is_looked_through_as_it_doubles() {
        let memory = memory(1);
        for session in 0..20_000 {
            // Odd ones only: fixed windows of a second.
            let charge = per_session(2 * session + 1, Window::Second);
            assert!(call(&memory, "org-0", charge, i64::try_from(session).unwrap() * 2));
        }
        assert!((1..3_000).contains(&memory.held()), "{} held", memory.held());
    }
}
