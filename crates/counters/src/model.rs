//! The stores against a model that keeps a list of what it admitted and adds it up anew for every question.

use ::model::Taken;
use policy::{Amount, Charge, Counter, OnOutage, Window};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::contract::{Bench, START, counter};
use crate::memory::part_ms;
use crate::{Opening, Refusal, Reservation};

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// Time passes, seldom backwards, and a call asks for these (counter, amount, maximum).
    Call(i64, Vec<(usize, Amount, Amount)>),
    /// The call admitted so many ago is given back.
    GiveBack(usize),
    /// A new epoch with all that was taken; or with nothing of it, and said so.
    Open(bool),
    /// A fence, for everybody or for one.
    Fence(bool, u64),
}

fn counters() -> Vec<Counter> {
    vec![
        counter("a", Window::Second, false),
        counter("b", Window::Minute, false),
        counter("c", Window::Month, false),
        counter("d", Window::Seconds(13), true),
        counter("e", Window::Minute, true),
    ]
}

/// Time goes back by up to `back` milliseconds.
fn steps(back: i64) -> impl Strategy<Value = Vec<Step>> {
    let pass =
        prop_oneof![4 => 0..900_i64, 2 => 0..70_000_i64, 1 => 0..5_000_000_000_i64, 1 => -back..=0_i64];
    let amount = |top: u64| {
        let nanos = prop_oneof![Just(0), Just(1), Just(500_000_000), Just(999_999_999)];
        (0..top, nanos).prop_map(|(whole, nanos)| Amount::from_parts(whole, nanos).unwrap())
    };
    let charge = (0..counters().len(), amount(4), amount(12));
    let charges = prop::collection::vec(charge, 1..4).prop_map(|mut charges| {
        charges.sort_by_key(|(counter, ..)| *counter);
        charges.dedup_by_key(|(counter, ..)| *counter);
        charges
    });
    let step = prop_oneof![
        8 => (pass, charges).prop_map(|(pass, charges)| Step::Call(pass, charges)),
        1 => (0..6_usize).prop_map(Step::GiveBack),
        1 => any::<bool>().prop_map(Step::Open),
        1 => (any::<bool>(), 0..9_u64).prop_map(|(everybody, version)| Step::Fence(everybody, version)),
    ];
    prop::collection::vec(step, 1..60)
}

/// Every admitted charge that was not given back: counter, time, amount.
#[derive(Default)]
struct Model {
    admitted: Vec<(u64, usize, i64, Amount)>,
    high_water: i64,
    calls: u64,
    epoch: u64,
    closed_before: i64,
    fence: u64,
    /// The caller's bundle, renewed whenever it was too old.
    version: u64,
}

impl Model {
    fn used(&self, which: usize, now: i64) -> Amount {
        let counter = counters().swap_remove(which);
        let counts = |at: i64| {
            if counter.rolling {
                let part = part_ms(counter.window);
                at.div_euclid(part) >= now.div_euclid(part) - 60
            } else {
                counter.window.bounds(at) == counter.window.bounds(now)
            }
        };
        let counted = self.admitted.iter().filter(|(_, counter, at, _)| *counter == which && counts(*at));
        counted.fold(Amount::ZERO, |sum, (.., amount)| sum.checked_add(*amount).unwrap())
    }

    /// Whether the window of a counter began before counting did.
    fn closed(&self, which: usize, now: i64) -> bool {
        let counter = counters().swap_remove(which);
        let part = part_ms(counter.window);
        let begins =
            if counter.rolling { (now.div_euclid(part) - 60) * part } else { counter.window.bounds(now).0 };
        begins < self.closed_before
    }

    /// All that counts or has counted, as the audit log would have it.
    fn taken(&self) -> Vec<Taken> {
        let taken = |(_, which, at, amount): &(u64, usize, i64, Amount)| {
            let counter = counters().swap_remove(*which);
            let place = if counter.rolling {
                at.div_euclid(part_ms(counter.window))
            } else {
                counter.window.bounds(*at).0
            };
            Taken { counter, amount: *amount, place, level: None }
        };
        self.admitted.iter().map(taken).collect()
    }

    /// The remainders; or the first charge over and what its counter holds; or the first that is closed.
    fn call(
        &mut self,
        charges: &[(usize, Amount, Amount)],
        now: i64,
    ) -> Result<Vec<Amount>, (usize, Option<Amount>)> {
        self.high_water = self.high_water.max(now);
        let now = self.high_water;
        let mut left = Vec::new();
        for (index, (which, amount, max)) in charges.iter().enumerate() {
            if self.closed(*which, now) {
                return Err((index, None));
            }
            let used = self.used(*which, now);
            match used.checked_add(*amount) {
                Some(sum) if sum <= *max => left.push(max.saturating_sub(sum)),
                _ => return Err((index, Some(used))),
            }
        }
        self.calls += 1;
        self.admitted.extend(charges.iter().map(|(which, amount, _)| (self.calls, *which, now, *amount)));
        Ok(left)
    }

    /// Only what still counts at the latest time can be given back; the rest has no effect either way.
    fn give_back(&mut self, call: u64) {
        self.admitted.retain(|(of, ..)| *of != call);
    }

    /// No span of the window's length ever held more than the largest maximum in use.
    fn check_spans(&self, which: usize, length: i64, top: Amount) {
        let times: Vec<_> = self.admitted.iter().filter(|(_, counter, ..)| *counter == which).collect();
        for (_, _, end, _) in &times {
            let span = times.iter().filter(|(_, _, at, _)| *at > end - length && at <= end);
            let sum = span.fold(Amount::ZERO, |sum, (.., amount)| sum.checked_add(*amount).unwrap());
            assert!(sum <= top, "{sum} within {length} ms");
        }
    }
}

async fn run(bench: &Bench, steps: &[Step]) {
    let mut model = Model { epoch: 1, closed_before: i64::MIN, ..Model::default() };
    let mut now = START;
    let mut held: Vec<(u64, u64, Reservation)> = Vec::new();
    for step in steps {
        match step {
            Step::GiveBack(ago) => {
                if let Some(index) = held.len().checked_sub(ago + 1) {
                    let (epoch, call, reservation) = held.remove(index);
                    if epoch == model.epoch {
                        model.give_back(call);
                    }
                    bench.counters.give_back(reservation).await;
                }
            }
            Step::Open(complete) => {
                model.epoch += 1;
                let seeds = if *complete { model.taken() } else { Vec::new() };
                bench.open(&Opening { epoch: model.epoch, complete: *complete, seeds }, now).await;
                model.high_water = model.high_water.max(now);
                model.closed_before = if *complete { i64::MIN } else { model.high_water + 1 };
            }
            Step::Fence(everybody, version) => {
                let identity = (!everybody).then_some("me");
                bench.counters.fence(&bench.org, identity, *version).await.unwrap();
                model.fence = model.fence.max(*version);
            }
            Step::Call(pass, charges) => {
                now += pass;
                if let Some(reservation) = call(bench, &mut model, charges, now).await {
                    held.push((model.epoch, model.calls, reservation));
                }
            }
        }
    }
    let top = Amount::from_parts(12, 0).unwrap();
    for (which, counter) in counters().iter().enumerate().filter(|(_, counter)| counter.rolling) {
        model.check_spans(which, counter.window.length_ms(), top);
    }
}

/// Makes the call, and holds what comes of it against what the model says.
async fn call(
    bench: &Bench,
    model: &mut Model,
    charges: &[(usize, Amount, Amount)],
    now: i64,
) -> Option<Reservation> {
    let known = counters();
    let asked: Vec<Charge> = charges
        .iter()
        .map(|(which, amount, max)| {
            let counter = known[*which].clone();
            Charge { counter, amount: *amount, max: *max, on_outage: OnOutage::Deny }
        })
        .collect();
    let mut found = bench.reserve_at(model.epoch, model.version, &asked, now).await;
    if model.version < model.fence {
        assert_eq!(found, Err(Refusal::Fenced { version: model.fence }));
        model.version = model.fence;
        found = bench.reserve_at(model.epoch, model.version, &asked, now).await;
    }
    match (found, model.call(charges, now)) {
        (Ok(reservation), Ok(left)) => {
            assert_eq!(reservation.remaining(), left);
            return Some(reservation);
        }
        (Err(Refusal::Over { index, used, .. }), Err(expected)) => assert_eq!((index, Some(used)), expected),
        (Err(Refusal::Closed { index, .. }), Err(expected)) => assert_eq!((index, None), expected),
        (found, expected) => panic!("expected {expected:?}, got {found:?}"),
    }
    None
}

fn check(cases: u32, back: i64, bench: impl Fn(usize) -> Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let case = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&steps(back), |steps| {
        case.set(case.get() + 1);
        runtime.block_on(async { run(&bench(case.get()).opened().await, &steps).await });
        Ok(())
    });
    tried.unwrap();
}

#[test]
fn memory_does_what_the_model_does() {
    check(512, 90_000, |_| Bench::memory());
}

#[test]
fn a_redis_cluster_does_what_the_model_does() {
    check(16, 0, |case| Bench::cluster(&format!("model-{case}")));
}

#[test]
fn redis_does_what_the_model_does() {
    // Redis remembers the latest time to the second, which is strict enough but not to the millisecond the same.
    check(48, 0, |case| Bench::redis(&format!("model-{case}")));
}
