//! The stores against a model that keeps a list of what it admitted and adds it up anew for every question.

use policy::{Amount, Charge, Counter, OnOutage, Window};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::contract::{Bench, START, counter};
use crate::memory::part_ms;
use crate::{Refusal, Reservation};

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// Time passes, seldom backwards, and a call asks for these (counter, amount, maximum).
    Call(i64, Vec<(usize, Amount, Amount)>),
    /// The call admitted so many ago is given back.
    GiveBack(usize),
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
    ];
    prop::collection::vec(step, 1..60)
}

/// Every admitted charge that was not given back: counter, time, amount.
#[derive(Default)]
struct Model {
    admitted: Vec<(u64, usize, i64, Amount)>,
    high_water: i64,
    calls: u64,
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

    /// The remainders, or the first charge over and what its counter holds.
    fn call(
        &mut self,
        charges: &[(usize, Amount, Amount)],
        now: i64,
    ) -> Result<Vec<Amount>, (usize, Amount)> {
        self.high_water = self.high_water.max(now);
        let now = self.high_water;
        let mut left = Vec::new();
        for (index, (which, amount, max)) in charges.iter().enumerate() {
            let used = self.used(*which, now);
            match used.checked_add(*amount) {
                Some(sum) if sum <= *max => left.push(max.saturating_sub(sum)),
                _ => return Err((index, used)),
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
    let known = counters();
    let mut model = Model::default();
    let mut now = START;
    let mut held: Vec<(u64, Reservation)> = Vec::new();
    for step in steps {
        match step {
            Step::GiveBack(ago) => {
                if let Some(index) = held.len().checked_sub(ago + 1) {
                    let (call, reservation) = held.remove(index);
                    model.give_back(call);
                    bench.counters.give_back(reservation).await;
                }
            }
            Step::Call(pass, charges) => {
                now += pass;
                let asked: Vec<Charge> = charges
                    .iter()
                    .map(|(which, amount, max)| {
                        let counter = known[*which].clone();
                        Charge { counter, amount: *amount, max: *max, on_outage: OnOutage::Deny }
                    })
                    .collect();
                let expected = model.call(charges, now);
                match (bench.reserve(&asked, now).await, expected) {
                    (Ok(reservation), Ok(left)) => {
                        assert_eq!(reservation.remaining, left);
                        held.push((model.calls, reservation));
                    }
                    (Err(Refusal::Over { index, used, .. }), Err(expected)) => {
                        assert_eq!((index, used), expected)
                    }
                    (got, expected) => panic!("expected {expected:?}, got {got:?}"),
                }
            }
        }
    }
    let top = Amount::from_parts(12, 0).unwrap();
    for (which, counter) in known.iter().enumerate().filter(|(_, counter)| counter.rolling) {
        model.check_spans(which, counter.window.length_ms(), top);
    }
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
fn redis_does_what_the_model_does() {
    // Redis remembers the latest time to the second, which is strict enough but not to the millisecond the same.
    check(48, 0, |case| Bench::redis(&format!("model-{case}")));
}
