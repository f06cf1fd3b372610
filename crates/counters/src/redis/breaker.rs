//! Keeps calls from queueing for a Redis that is away: after several failures in a row they fail at once, and one at
//! a time tries again.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

/// Failures in a row after which calls are not made any more. A single slow answer must not refuse its neighbours.
const FAILURES: u32 = 8;
/// Milliseconds between tries.
const PAUSE_MS: u64 = 100;

#[derive(Debug)]
pub(super) struct Breaker {
    failures: AtomicU32,
    /// When the next try is due, in milliseconds since `since`.
    try_at: AtomicU64,
    since: Instant,
}

impl Breaker {
    pub(super) fn new() -> Self {
        Self { failures: AtomicU32::new(0), try_at: AtomicU64::new(0), since: Instant::now() }
    }

    /// Whether to make this call.
    pub(super) fn admits(&self) -> bool {
        if self.failures.load(Ordering::Relaxed) < FAILURES {
            return true;
        }
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due = self.try_at.load(Ordering::Relaxed);
        let next = now.saturating_add(PAUSE_MS);
        // Of those who find the try due, one makes it.
        now >= due && self.try_at.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    pub(super) fn succeeded(&self) {
        if self.failures.load(Ordering::Relaxed) > 0 {
            self.failures.store(0, Ordering::Relaxed);
        }
    }

    pub(super) fn failed(&self) {
        let failures = self.failures.load(Ordering::Relaxed).saturating_add(1);
        self.failures.store(failures.min(FAILURES), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_a_run_of_failures_lets_one_try_through_and_closes_on_success() {
        let breaker = Breaker::new();
        for _ in 0..FAILURES {
            assert!(breaker.admits());
            breaker.failed();
        }
        let admitted = (0..1_000).filter(|_| breaker.admits()).count();
        assert!(admitted <= 2, "{admitted} tries within a moment");
        breaker.succeeded();
        assert!(breaker.admits() && breaker.admits());
    }

    #[test]
    fn a_success_in_between_starts_the_count_again() {
        let breaker = Breaker::new();
        for _ in 0..100 {
            breaker.failed();
            breaker.succeeded();
        }
        assert!((0..10).all(|_| breaker.admits()));
    }
}
