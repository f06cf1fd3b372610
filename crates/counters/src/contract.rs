//! One suite for every store: each rule is written once and tried in memory and in Redis.

use std::sync::{Arc, LazyLock};

use ::model::Taken;
use policy::{Amount, Charge, Counter, OnOutage, Scope, Window};

use crate::throwaway;
use crate::{Counters, Memory, OpenError, Opening, Redis, Refusal, Reservation, Settings, Standing};

/// 2100-01-01, a Friday: in the future, because Redis lets keys die that should have ended in the past.
pub(crate) const START: i64 = 4_102_444_800_000;
const MINUTE: i64 = 60_000;

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(crate) fn counter(name: &str, window: Window, rolling: bool) -> Counter {
    Counter { scope: Scope::Grant, scope_id: "grant_1".into(), name: name.into(), window, rolling, key: None }
}

fn charge(counter: Counter, add: &str, max: &str) -> Charge {
    Charge { counter, amount: amount(add), max: amount(max), on_outage: OnOutage::Deny }
}

fn taken(counter: Counter, amount_text: &str, place: i64) -> Taken {
    Taken { counter, amount: amount(amount_text), place }
}

/// A charge on a fixed window of a minute.
fn minutely(name: &str, add: &str, max: &str) -> Charge {
    charge(counter(name, Window::Minute, false), add, max)
}

/// Counters and an organisation that no other test uses.
pub(crate) struct Bench {
    pub(crate) counters: Counters,
    pub(crate) org: String,
}

impl Bench {
    pub(crate) fn memory() -> Self {
        Self { counters: Counters::Memory(Memory::new()), org: "org".to_owned() }
    }

    pub(crate) fn redis(org: &str) -> Self {
        Self::at(&throwaway::Redis::shared().unwrap().url(), org)
    }

    pub(crate) fn cluster(org: &str) -> Self {
        static CLUSTER: LazyLock<throwaway::Cluster> =
            LazyLock::new(|| throwaway::Cluster::start(false).unwrap());
        Self::at(&CLUSTER.url(), org)
    }

    /// Must be called inside a Tokio runtime. Budgets are long: here it matters what Redis answers, not when.
    fn at(url: &str, org: &str) -> Self {
        let settings = Settings { budget: std::time::Duration::from_secs(10), ..Settings::default() };
        let redis = Redis::at_given_times(url, settings).unwrap();
        Self { counters: Counters::Redis(Box::new(redis)), org: org.to_owned() }
    }

    pub(crate) async fn reserve(&self, charges: &[Charge], now: i64) -> Result<Reservation, Refusal> {
        self.reserve_at(1, 1, charges, now).await
    }

    /// As somebody who believes in this epoch and decided by a bundle of this version.
    pub(crate) async fn reserve_at(
        &self,
        epoch: u64,
        version: u64,
        charges: &[Charge],
        now: i64,
    ) -> Result<Reservation, Refusal> {
        let at = Standing { org: &self.org, epoch, identity: "me", version };
        self.counters.reserve(&at, charges, now).await
    }

    pub(crate) async fn open(&self, opening: &Opening, now: i64) {
        self.counters.open(&self.org, opening, now).await.unwrap();
    }

    /// Opened with nothing in it.
    pub(crate) async fn opened(self) -> Self {
        self.open(&Opening { epoch: 1, complete: true, seeds: Vec::new() }, 0).await;
        self
    }

    async fn left(&self, charges: &[Charge], now: i64) -> Vec<String> {
        self.reserve(charges, now).await.unwrap().remaining.iter().map(ToString::to_string).collect()
    }

    async fn over(&self, charges: &[Charge], now: i64) -> (usize, String, u64) {
        match self.reserve(charges, now).await {
            Err(Refusal::Over { index, used, retry_after_ms }) => (index, used.to_string(), retry_after_ms),
            other => panic!("expected a refusal, got {other:?}"),
        }
    }
}

macro_rules! contract {
    ($($name:ident)*) => {
        mod memory {
            $(#[tokio::test] async fn $name() { super::$name(super::Bench::memory().opened().await).await })*
        }
        mod cluster {
            $(#[tokio::test] async fn $name() { super::$name(super::Bench::cluster(stringify!($name)).opened().await).await })*
        }
        mod redis {
            $(#[tokio::test] async fn $name() { super::$name(super::Bench::redis(stringify!($name)).opened().await).await })*
        }
    };
}

contract! {
    a_limit_admits_its_maximum_and_refuses_until_the_window_ends
    all_charges_are_taken_or_none
    the_first_charge_over_is_named_with_the_longest_wait
    amounts_are_exact_to_the_ninth_digit_and_up_to_two_to_the_fifty_third
    windows_begin_and_end_where_the_policy_says
    a_clock_that_goes_back_does_not_open_a_full_window_again
    a_rolling_limit_counts_across_boundaries_and_frees_what_left_the_window
    a_rolling_wait_is_neither_too_short_nor_too_long
    what_is_given_back_can_be_taken_again_in_its_window_only
    giving_back_in_a_rolling_window_frees_the_part_it_came_from
    counters_that_differ_in_anything_are_counted_apart
    a_lowered_maximum_holds_at_once_and_nothing_costs_nothing
    no_charges_need_no_store_and_one_counter_twice_is_refused
    callers_at_the_same_time_share_one_limit_exactly
    counters_that_nobody_opened_are_lost_and_so_is_every_other_epoch
    an_epoch_is_opened_once_and_never_an_older_one
    a_complete_opening_holds_its_seeds_and_nothing_else
    an_incomplete_opening_closes_the_windows_that_have_begun
    a_rolling_window_is_closed_until_all_of_it_lies_after_the_opening
    what_an_outage_would_admit_is_not_closed
    time_does_not_fall_behind_a_seed
    a_fence_refuses_older_bundles_and_only_ever_rises
    nothing_is_given_back_into_another_epoch
}

async fn counters_that_nobody_opened_are_lost_and_so_is_every_other_epoch(bench: Bench) {
    let one = [minutely("calls", "1", "1")];
    let strange = Bench { org: format!("{}-strange", bench.org), ..bench };
    assert_eq!(strange.reserve_at(0, 9, &one, START).await, Err(Refusal::Lost { epoch: 0 }));
    assert_eq!(strange.reserve_at(7, 9, &one, START).await, Err(Refusal::Lost { epoch: 0 }));
    strange.open(&Opening { epoch: 7, complete: true, seeds: Vec::new() }, START).await;
    assert_eq!(strange.reserve_at(6, 9, &one, START).await, Err(Refusal::Lost { epoch: 7 }));
    assert_eq!(strange.reserve_at(8, 9, &one, START).await, Err(Refusal::Lost { epoch: 7 }));
    assert!(strange.reserve_at(7, 9, &one, START).await.is_ok());
    for epoch in [0, 1 << 53] {
        let opening = Opening { epoch, complete: true, seeds: Vec::new() };
        let refused = strange.counters.open(&strange.org, &opening, START).await;
        assert!(matches!(refused, Err(OpenError::Unavailable(_))), "{refused:?}");
    }
}

async fn an_epoch_is_opened_once_and_never_an_older_one(bench: Bench) {
    let seeds = vec![taken(counter("calls", Window::Minute, false), "2", START)];
    let opening = |epoch| Opening { epoch, complete: true, seeds: seeds.clone() };
    let two = [minutely("calls", "1", "3")];
    bench.open(&opening(5), START).await;
    assert_eq!(bench.reserve_at(5, 0, &two, START).await.unwrap().remaining, [amount("0")]);
    // What was taken since is still taken.
    bench.open(&opening(5), START).await;
    assert!(matches!(bench.reserve_at(5, 0, &two, START).await, Err(Refusal::Over { .. })));
    let refused = bench.counters.open(&bench.org, &opening(4), START).await;
    assert_eq!(refused, Err(OpenError::Older { epoch: 5 }));
    assert!(matches!(bench.reserve_at(5, 0, &two, START).await, Err(Refusal::Over { .. })));
    bench.open(&opening(6), START).await;
    assert_eq!(bench.reserve_at(6, 0, &two, START).await.unwrap().remaining, [amount("0")]);
}

async fn a_complete_opening_holds_its_seeds_and_nothing_else(bench: Bench) {
    let rolling = || counter("rolling", Window::Minute, true);
    let charges = |max| {
        let other = charge(counter("other", Window::Day, false), "1", max);
        [minutely("calls", "1", max), charge(rolling(), "1", max), other]
    };
    let _ = bench.reserve(&charges("9"), START).await.unwrap();
    let minute = |add, place| taken(counter("calls", Window::Minute, false), add, place);
    let part = |add, second| taken(rolling(), add, START / 1_000 + second);
    let seeds = vec![
        minute("4", START - MINUTE),
        minute("0.5", START),
        part("3", -61),
        part("0.25", -60),
        minute("0.000000001", START),
        part("1", -2),
    ];
    bench.open(&Opening { epoch: 2, complete: true, seeds }, START + 500).await;
    let left = bench.reserve_at(2, 0, &charges("9"), START + 600).await.unwrap().remaining;
    assert_eq!(left, [amount("7.499999999"), amount("6.75"), amount("8")]);
    let left = bench.reserve_at(2, 0, &charges("9"), START + 1_000).await.unwrap().remaining;
    assert_eq!(left, [amount("6.499999999"), amount("6"), amount("7")]);
}

async fn an_incomplete_opening_closes_the_windows_that_have_begun(bench: Bench) {
    let window = |name, window| charge(counter(name, window, false), "1", "5");
    let all = [window("m", Window::Minute), window("h", Window::Hour), window("s", Window::Second)];
    let [minute, hour, second] = &all;
    let seeds = vec![taken(minute.counter.clone(), "2", START)];
    bench.open(&Opening { epoch: 2, complete: false, seeds }, START + 500).await;
    let closed = |index, retry_after_ms| Err(Refusal::Closed { index, retry_after_ms });
    let call = async |charges: &[Charge], now| bench.reserve_at(2, 0, charges, now).await;
    assert_eq!(call(&all, START + 600).await, closed(0, 3_599_400));
    assert_eq!(call(std::slice::from_ref(second), START + 999).await, closed(0, 1));
    assert!(call(std::slice::from_ref(second), START + 1_000).await.is_ok());
    let from_second = [second.clone(), minute.clone(), hour.clone()];
    assert_eq!(call(&from_second, START + 1_000).await, closed(1, 3_599_000));
    assert_eq!(call(&all[..1], START + MINUTE - 1).await, closed(0, 1));
    assert_eq!(call(&all[..1], START + MINUTE).await.unwrap().remaining, [amount("4")]);
    assert!(call(&all, START + 3_600_000).await.is_ok());
    // In the first millisecond of a window something may have been taken before the opening.
    let opening = |epoch| Opening { epoch, complete: false, seeds: Vec::new() };
    bench.open(&opening(3), START + 3_660_000).await;
    assert_eq!(bench.reserve_at(3, 0, &all[..1], START + 3_660_000).await, closed(0, 60_000));
    bench.open(&opening(4), START + 3_719_999).await;
    assert_eq!(bench.reserve_at(4, 0, &all[..1], START + 3_719_999).await, closed(0, 1));
    assert!(bench.reserve_at(4, 0, &all[..1], START + 3_720_000).await.is_ok());
}

async fn a_rolling_window_is_closed_until_all_of_it_lies_after_the_opening(bench: Bench) {
    let one = [charge(counter("calls", Window::Minute, true), "1", "5")];
    for (epoch, late) in [(2, 0), (3, -1), (4, 998)] {
        let start = START + MINUTE * 10 * i64::try_from(epoch).unwrap();
        bench.open(&Opening { epoch, complete: false, seeds: Vec::new() }, start + late).await;
        let opens = start + MINUTE + if late >= 0 { 1_000 } else { 0 };
        let refused = bench.reserve_at(epoch, 0, &one, start + 5_000).await;
        let retry_after_ms = opens.abs_diff(start + 5_000);
        assert_eq!(refused, Err(Refusal::Closed { index: 0, retry_after_ms }));
        let refused = bench.reserve_at(epoch, 0, &one, opens - 1).await;
        assert_eq!(refused, Err(Refusal::Closed { index: 0, retry_after_ms: 1 }));
        assert!(bench.reserve_at(epoch, 0, &one, opens).await.is_ok());
    }
}

async fn what_an_outage_would_admit_is_not_closed(bench: Bench) {
    let advisory = |name, rolling| {
        let charge = charge(counter(name, Window::Day, rolling), "1", "5");
        Charge { on_outage: OnOutage::Allow, ..charge }
    };
    let both = [advisory("fixed", false), advisory("rolling", true)];
    let seeds = vec![taken(both[0].counter.clone(), "3", START)];
    bench.open(&Opening { epoch: 2, complete: false, seeds }, START + 1_000).await;
    let left = bench.reserve_at(2, 0, &both, START + 1_000).await.unwrap().remaining;
    assert_eq!(left, [amount("1"), amount("4")]);
    let refused = bench.reserve_at(2, 0, &[minutely("strict", "1", "5")], START + 1_000).await;
    assert!(matches!(refused, Err(Refusal::Closed { index: 0, .. })), "{refused:?}");
}

async fn time_does_not_fall_behind_a_seed(bench: Bench) {
    let later = START + 10 * MINUTE;
    let rolling = counter("rolling", Window::Minute, true);
    let seeds = vec![
        taken(counter("calls", Window::Minute, false), "1", later),
        taken(rolling.clone(), "1", later / 1_000 + 2),
    ];
    bench.open(&Opening { epoch: 2, complete: true, seeds }, START).await;
    let full = [minutely("calls", "1", "1")];
    let refused = bench.reserve_at(2, 0, &full, START).await;
    assert_eq!(
        refused,
        Err(Refusal::Over { index: 0, used: amount("1"), retry_after_ms: MINUTE.unsigned_abs() - 2_000 })
    );
    let refused = bench.reserve_at(2, 0, &[charge(rolling, "1", "1")], START).await;
    assert_eq!(refused, Err(Refusal::Over { index: 0, used: amount("1"), retry_after_ms: 61_000 }));
    assert!(bench.reserve_at(2, 0, &full, later + MINUTE).await.is_ok());
}

async fn a_fence_refuses_older_bundles_and_only_ever_rises(bench: Bench) {
    let one = [minutely("calls", "1", "100")];
    let fence = async |identity, version| {
        bench.counters.fence(&bench.org, identity, version).await.unwrap();
    };
    let call = async |version| bench.reserve_at(1, version, &one, START).await.err();
    fence(Some("somebody else"), 99).await;
    assert_eq!(call(0).await, None);
    fence(Some("me"), 5).await;
    assert_eq!(call(4).await, Some(Refusal::Fenced { version: 5 }));
    assert_eq!(call(5).await, None);
    fence(Some("me"), 3).await;
    assert_eq!(call(4).await, Some(Refusal::Fenced { version: 5 }));
    fence(None, 4).await;
    assert_eq!(call(4).await, Some(Refusal::Fenced { version: 5 }));
    fence(None, 10).await;
    assert_eq!(call(9).await, Some(Refusal::Fenced { version: 10 }));
    assert_eq!(call(10).await, None);
    fence(None, 9).await;
    assert_eq!(call(9).await, Some(Refusal::Fenced { version: 10 }));
    // A new epoch does not let anybody back in, and an unopened one may be fenced.
    bench.open(&Opening { epoch: 2, complete: true, seeds: Vec::new() }, START).await;
    let refused = bench.reserve_at(2, 9, &one, START).await;
    assert_eq!(refused, Err(Refusal::Fenced { version: 10 }));
    assert_eq!(call(11).await, Some(Refusal::Lost { epoch: 2 }));
    assert!(bench.counters.fence(&bench.org, None, 1 << 53).await.is_err());
    let early = Bench { org: format!("{}-early", bench.org), ..bench };
    early.counters.fence(&early.org, Some("me"), 7).await.unwrap();
    assert_eq!(early.reserve_at(1, 9, &one, START).await, Err(Refusal::Lost { epoch: 0 }));
    let early = early.opened().await;
    assert_eq!(early.reserve_at(1, 6, &one, START).await, Err(Refusal::Fenced { version: 7 }));
}

async fn nothing_is_given_back_into_another_epoch(bench: Bench) {
    let both = [minutely("calls", "1", "5"), charge(counter("rolling", Window::Minute, true), "1", "5")];
    let reservation = bench.reserve(&both, START).await.unwrap();
    let seeds = reservation.taken.clone();
    bench.open(&Opening { epoch: 2, complete: true, seeds }, START).await;
    bench.counters.give_back(reservation).await;
    let left = bench.reserve_at(2, 0, &both, START).await.unwrap().remaining;
    assert_eq!(left, [amount("3"), amount("3")]);
}

async fn a_limit_admits_its_maximum_and_refuses_until_the_window_ends(bench: Bench) {
    let one = [minutely("calls", "1", "3")];
    assert_eq!(bench.left(&one, START).await, ["2"]);
    assert_eq!(bench.left(&one, START + 1).await, ["1"]);
    assert_eq!(bench.left(&one, START + 59_998).await, ["0"]);
    assert_eq!(bench.over(&one, START + 59_999).await, (0, "3".into(), 1));
    assert_eq!(bench.left(&one, START + MINUTE).await, ["2"]);
    assert_eq!(bench.over(&[minutely("calls", "4", "3")], START + MINUTE).await, (0, "1".into(), 60_000));
}

async fn all_charges_are_taken_or_none(bench: Bench) {
    let both = [minutely("wide", "1", "10"), minutely("narrow", "1", "1")];
    assert_eq!(bench.left(&both, START).await, ["9", "0"]);
    for _ in 0..5 {
        assert_eq!(bench.over(&both, START).await.0, 1);
    }
    let reversed = [minutely("narrow", "1", "1"), minutely("wide", "1", "10")];
    assert_eq!(bench.over(&reversed, START).await.0, 0);
    assert_eq!(bench.left(&[minutely("wide", "1", "10")], START).await, ["8"]);
}

async fn the_first_charge_over_is_named_with_the_longest_wait(bench: Bench) {
    let hourly = |add| charge(counter("hourly", Window::Hour, false), add, "1");
    let _ = bench.reserve(&[minutely("calls", "2", "2"), hourly("1")], START).await.unwrap();
    let charges = [minutely("free", "1", "5"), minutely("calls", "1", "2"), hourly("1")];
    assert_eq!(bench.over(&charges, START + 1_000).await, (1, "2".into(), 3_599_000));
    assert_eq!(bench.over(&charges, START + MINUTE).await, (2, "1".into(), 3_540_000));
}

async fn amounts_are_exact_to_the_ninth_digit_and_up_to_two_to_the_fifty_third(bench: Bench) {
    let tenth = [minutely("money", "0.1", "0.3")];
    assert_eq!(bench.left(&tenth, START).await, ["0.2"]);
    assert_eq!(bench.left(&tenth, START).await, ["0.1"]);
    assert_eq!(bench.left(&tenth, START).await, ["0"]);
    assert_eq!(bench.over(&tenth, START).await.1, "0.3");
    for (name, window, rolling) in [("fixed", Window::Day, false), ("rolling", Window::Day, true)] {
        let huge = |add| [charge(counter(name, window, rolling), add, "9007199254740991.999999999")];
        assert_eq!(bench.left(&huge("9007199254740990.999999998"), START).await, ["1.000000001"]);
        assert_eq!(bench.over(&huge("1.000000002"), START).await.1, "9007199254740990.999999998");
        assert_eq!(bench.left(&huge("0.000000002"), START).await, ["0.999999999"]);
        assert_eq!(bench.over(&huge("9007199254740991.999999999"), START).await.1, "9007199254740991");
        assert_eq!(bench.left(&huge("0.999999999"), START).await, ["0"]);
        assert_eq!(bench.over(&huge("0.000000001"), START).await.1, "9007199254740991.999999999");
    }
}

async fn windows_begin_and_end_where_the_policy_says(bench: Bench) {
    let windows = [
        Window::Second,
        Window::Minute,
        Window::Hour,
        Window::Day,
        Window::Week,
        Window::Month,
        Window::Seconds(7),
        Window::Seconds(90),
        Window::Seconds(604_800),
        Window::Seconds(u32::MAX),
    ];
    let mut now = START + 12_345;
    for window in windows {
        let one = [charge(counter("edges", window, false), "1", "1")];
        let (_, end) = window.bounds(now);
        // The next window begins from here, because time never goes back.
        now = end;
        assert_eq!(bench.left(&one, end - 1).await, ["0"], "{window:?}");
        assert_eq!(bench.over(&one, end - 1).await.2, 1, "{window:?}");
        assert_eq!(bench.left(&one, end).await, ["0"], "{window:?}");
        assert_eq!(bench.over(&one, end).await.2, window.bounds(end).1.abs_diff(end), "{window:?}");
    }
}

async fn a_clock_that_goes_back_does_not_open_a_full_window_again(bench: Bench) {
    let one = [minutely("calls", "1", "1")];
    let rolling = [charge(counter("rolling", Window::Minute, true), "1", "1")];
    let _ = bench.reserve(&one, START + MINUTE).await.unwrap();
    let _ = bench.reserve(&rolling, START + MINUTE).await.unwrap();
    for back in [1, 1_000, MINUTE, 24 * 60 * MINUTE] {
        assert_eq!(bench.over(&one, START + MINUTE - back).await.0, 0, "{back} ms back");
        assert_eq!(bench.over(&rolling, START + MINUTE - back).await.0, 0, "{back} ms back");
    }
    assert_eq!(bench.left(&one, START + 2 * MINUTE).await, ["0"]);
}

async fn a_rolling_limit_counts_across_boundaries_and_frees_what_left_the_window(bench: Bench) {
    let one = [charge(counter("calls", Window::Minute, true), "1", "2")];
    assert_eq!(bench.left(&one, START + 59_500).await, ["1"]);
    assert_eq!(bench.left(&one, START + MINUTE + 500).await, ["0"]);
    // Parts are seconds; the first call's part leaves when the sixty-first second after it begins.
    assert_eq!(bench.over(&one, START + MINUTE + 30_000).await, (0, "2".into(), 30_000));
    assert_eq!(bench.over(&one, START + 119_999).await, (0, "2".into(), 1));
    assert_eq!(bench.left(&one, START + 120_000).await, ["0"]);
    assert_eq!(bench.over(&one, START + 120_000).await, (0, "2".into(), 1_000));
    assert_eq!(bench.left(&one, START + 500_000).await, ["1"]);
}

async fn a_rolling_wait_is_neither_too_short_nor_too_long(bench: Bench) {
    let add = |add| [charge(counter("calls", Window::Seconds(7), true), add, "10.5")];
    let mut now = START;
    for step in 0..9 {
        now += 331 * (step % 4);
        let _ = bench.reserve(&add("1.1"), now).await.unwrap();
    }
    let (_, used, wait) = bench.over(&add("3.9"), now).await;
    assert_eq!(used, "9.9");
    let wait = i64::try_from(wait).unwrap();
    assert_eq!(bench.over(&add("3.9"), now + wait - 1).await.2, 1);
    let _ = bench.reserve(&add("3.9"), now + wait).await.unwrap();
    // What never fits is sent to the time when the window is empty.
    let (_, _, wait) = bench.over(&add("11"), now + 60_000).await;
    assert_eq!(wait, 60 * 117);
}

async fn what_is_given_back_can_be_taken_again_in_its_window_only(bench: Bench) {
    let all = [minutely("calls", "1.5", "1.5"), minutely("more", "1", "9")];
    let first = bench.reserve(&all, START).await.unwrap();
    assert_eq!(bench.over(&all, START).await.0, 0);
    bench.counters.give_back(first).await;
    let second = bench.reserve(&all, START).await.unwrap();
    assert_eq!(second.remaining, [amount("0"), amount("8")]);
    let _ = bench.reserve(&all, START + MINUTE).await.unwrap();
    bench.counters.give_back(second).await;
    assert_eq!(bench.over(&all, START + MINUTE).await, (0, "1.5".into(), 60_000));
}

async fn giving_back_in_a_rolling_window_frees_the_part_it_came_from(bench: Bench) {
    let add = |add| [charge(counter("calls", Window::Minute, true), add, "3")];
    let first = bench.reserve(&add("1.25"), START).await.unwrap();
    let second = bench.reserve(&add("1.25"), START + 5_000).await.unwrap();
    bench.counters.give_back(first).await;
    assert_eq!(bench.left(&add("0.5"), START + 6_000).await, ["1.25"]);
    assert_eq!(bench.left(&add("1.25"), START + 64_000).await, ["0"]);
    // Its part has left the window by now.
    assert_eq!(bench.left(&add("0"), START + 66_000).await, ["1.25"]);
    bench.counters.give_back(second).await;
    assert_eq!(bench.left(&add("0"), START + 66_000).await, ["1.25"]);
}

async fn counters_that_differ_in_anything_are_counted_apart(bench: Bench) {
    let plain = counter("calls", Window::Minute, false);
    let others = [
        plain.clone(),
        Counter { scope: Scope::Identity, ..plain.clone() },
        Counter { scope_id: "grant_1:calls".into(), name: "".into(), ..plain.clone() },
        Counter { scope_id: "grant_2".into(), ..plain.clone() },
        Counter { name: "Calls".into(), ..plain.clone() },
        Counter { window: Window::Hour, ..plain.clone() },
        Counter { window: Window::Seconds(61), ..plain.clone() },
        Counter { rolling: true, ..plain.clone() },
        Counter { key: Some("00".into()), ..plain.clone() },
        Counter { key: Some("01".into()), ..plain.clone() },
    ];
    let charges = others.map(|counter| charge(counter, "1", "1"));
    assert_eq!(bench.left(&charges, START).await, vec!["0"; charges.len()]);
    let other = Bench { org: format!("{}-other", bench.org), ..bench }.opened().await;
    assert!(other.reserve(&charges, START).await.is_ok());
}

async fn a_lowered_maximum_holds_at_once_and_nothing_costs_nothing(bench: Bench) {
    assert_eq!(bench.left(&[minutely("calls", "5", "10")], START).await, ["5"]);
    assert_eq!(bench.over(&[minutely("calls", "1", "3")], START).await.1, "5");
    assert_eq!(bench.over(&[minutely("calls", "0", "3")], START).await.1, "5");
    assert_eq!(bench.left(&[minutely("calls", "0", "5")], START).await, ["0"]);
    assert_eq!(bench.left(&[minutely("none", "0", "0")], START).await, ["0"]);
}

async fn no_charges_need_no_store_and_one_counter_twice_is_refused(bench: Bench) {
    assert_eq!(bench.reserve(&[], START).await, Ok(Reservation::default()));
    let twice = [minutely("calls", "1", "9"), minutely("other", "1", "9"), minutely("calls", "1", "9")];
    assert!(matches!(bench.reserve(&twice, START).await, Err(Refusal::Unavailable { index: 2, .. })));
    assert_eq!(bench.left(&[minutely("calls", "1", "9")], START).await, ["8"]);
}

async fn callers_at_the_same_time_share_one_limit_exactly(bench: Bench) {
    let bench = Arc::new(bench);
    let tasks: Vec<_> = (0..64_i64)
        .map(|task| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let rolling = charge(counter("rolling", Window::Hour, true), "0.3", "150");
                let charges = [minutely("calls", "1", "400"), rolling];
                let mut admitted = 0;
                for turn in 0..20 {
                    admitted += usize::from(bench.reserve(&charges, START + task + turn).await.is_ok());
                }
                admitted
            })
        })
        .collect();
    let mut admitted = 0;
    for task in tasks {
        admitted += task.await.unwrap();
    }
    assert_eq!(admitted, 400);
}
