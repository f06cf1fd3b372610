//! One suite for every store: each rule is written once and tried in memory and in Redis.

use std::sync::{Arc, LazyLock};

use ::model::Taken;
use policy::{Amount, Charge, Counter, OnOutage, Scope, Window};

mod limits;
mod loss;

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
    Taken { counter, amount: amount(amount_text), place, level: None }
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
        self.reserve(charges, now).await.unwrap().remaining().iter().map(ToString::to_string).collect()
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

use limits::*;
use loss::*;

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
