//! Epochs, what is rebuilt after a loss, and fences.

use super::*;

pub(super) async fn counters_that_nobody_opened_are_lost_and_so_is_every_other_epoch(bench: Bench) {
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

pub(super) async fn an_epoch_is_opened_once_and_never_an_older_one(bench: Bench) {
    let seeds = vec![taken(counter("calls", Window::Minute, false), "2", START)];
    let opening = |epoch| Opening { epoch, complete: true, seeds: seeds.clone() };
    let two = [minutely("calls", "1", "3")];
    bench.open(&opening(5), START).await;
    assert_eq!(bench.reserve_at(5, 0, &two, START).await.unwrap().remaining(), [amount("0")]);
    // What was taken since is still taken.
    bench.open(&opening(5), START).await;
    assert!(matches!(bench.reserve_at(5, 0, &two, START).await, Err(Refusal::Over { .. })));
    let refused = bench.counters.open(&bench.org, &opening(4), START).await;
    assert_eq!(refused, Err(OpenError::Older { epoch: 5 }));
    assert!(matches!(bench.reserve_at(5, 0, &two, START).await, Err(Refusal::Over { .. })));
    bench.open(&opening(6), START).await;
    assert_eq!(bench.reserve_at(6, 0, &two, START).await.unwrap().remaining(), [amount("0")]);
}

pub(super) async fn a_complete_opening_holds_its_seeds_and_nothing_else(bench: Bench) {
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
    let left = bench.reserve_at(2, 0, &charges("9"), START + 600).await.unwrap().remaining();
    assert_eq!(left, [amount("7.499999999"), amount("6.75"), amount("8")]);
    let left = bench.reserve_at(2, 0, &charges("9"), START + 1_000).await.unwrap().remaining();
    assert_eq!(left, [amount("6.499999999"), amount("6"), amount("7")]);
}

pub(super) async fn an_incomplete_opening_closes_the_windows_that_have_begun(bench: Bench) {
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
    assert_eq!(call(&all[..1], START + MINUTE).await.unwrap().remaining(), [amount("4")]);
    assert!(call(&all, START + 3_600_000).await.is_ok());
    // In the first millisecond of a window something may have been taken before the opening.
    let opening = |epoch| Opening { epoch, complete: false, seeds: Vec::new() };
    bench.open(&opening(3), START + 3_660_000).await;
    assert_eq!(bench.reserve_at(3, 0, &all[..1], START + 3_660_000).await, closed(0, 60_000));
    bench.open(&opening(4), START + 3_719_999).await;
    assert_eq!(bench.reserve_at(4, 0, &all[..1], START + 3_719_999).await, closed(0, 1));
    assert!(bench.reserve_at(4, 0, &all[..1], START + 3_720_000).await.is_ok());
}

pub(super) async fn a_rolling_window_is_closed_until_all_of_it_lies_after_the_opening(bench: Bench) {
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

pub(super) async fn what_an_outage_would_admit_is_not_closed(bench: Bench) {
    let advisory = |name, rolling| {
        let charge = charge(counter(name, Window::Day, rolling), "1", "5");
        Charge { on_outage: OnOutage::Allow, ..charge }
    };
    let both = [advisory("fixed", false), advisory("rolling", true)];
    let seeds = vec![taken(both[0].counter.clone(), "3", START)];
    bench.open(&Opening { epoch: 2, complete: false, seeds }, START + 1_000).await;
    let left = bench.reserve_at(2, 0, &both, START + 1_000).await.unwrap().remaining();
    assert_eq!(left, [amount("1"), amount("4")]);
    let refused = bench.reserve_at(2, 0, &[minutely("strict", "1", "5")], START + 1_000).await;
    assert!(matches!(refused, Err(Refusal::Closed { index: 0, .. })), "{refused:?}");
}

pub(super) async fn time_does_not_fall_behind_a_seed(bench: Bench) {
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

pub(super) async fn a_fence_refuses_older_bundles_and_only_ever_rises(bench: Bench) {
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

pub(super) async fn nothing_is_given_back_into_another_epoch(bench: Bench) {
    let both = [minutely("calls", "1", "5"), charge(counter("rolling", Window::Minute, true), "1", "5")];
    let reservation = bench.reserve(&both, START).await.unwrap();
    let seeds = reservation.taken.clone();
    bench.open(&Opening { epoch: 2, complete: true, seeds }, START).await;
    bench.counters.give_back(reservation).await;
    let left = bench.reserve_at(2, 0, &both, START).await.unwrap().remaining();
    assert_eq!(left, [amount("3"), amount("3")]);
}
