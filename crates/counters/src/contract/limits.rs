//! What limits admit, and what is given back.

use super::*;

pub(super) async fn a_limit_admits_its_maximum_and_refuses_until_the_window_ends(bench: Bench) {
    let one = [minutely("calls", "1", "3")];
    assert_eq!(bench.left(&one, START).await, ["2"]);
    assert_eq!(bench.left(&one, START + 1).await, ["1"]);
    assert_eq!(bench.left(&one, START + 59_998).await, ["0"]);
    assert_eq!(bench.over(&one, START + 59_999).await, (0, "3".into(), 1));
    assert_eq!(bench.left(&one, START + MINUTE).await, ["2"]);
    assert_eq!(bench.over(&[minutely("calls", "4", "3")], START + MINUTE).await, (0, "1".into(), 60_000));
}

pub(super) async fn all_charges_are_taken_or_none(bench: Bench) {
    let both = [minutely("wide", "1", "10"), minutely("narrow", "1", "1")];
    assert_eq!(bench.left(&both, START).await, ["9", "0"]);
    for _ in 0..5 {
        assert_eq!(bench.over(&both, START).await.0, 1);
    }
    let reversed = [minutely("narrow", "1", "1"), minutely("wide", "1", "10")];
    assert_eq!(bench.over(&reversed, START).await.0, 0);
    assert_eq!(bench.left(&[minutely("wide", "1", "10")], START).await, ["8"]);
}

pub(super) async fn the_first_charge_over_is_named_with_the_longest_wait(bench: Bench) {
    let hourly = |add| charge(counter("hourly", Window::Hour, false), add, "1");
    let _ = bench.reserve(&[minutely("calls", "2", "2"), hourly("1")], START).await.unwrap();
    let charges = [minutely("free", "1", "5"), minutely("calls", "1", "2"), hourly("1")];
    assert_eq!(bench.over(&charges, START + 1_000).await, (1, "2".into(), 3_599_000));
    assert_eq!(bench.over(&charges, START + MINUTE).await, (2, "1".into(), 3_540_000));
}

pub(super) async fn amounts_are_exact_to_the_ninth_digit_and_up_to_two_to_the_fifty_third(bench: Bench) {
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

pub(super) async fn windows_begin_and_end_where_the_policy_says(bench: Bench) {
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

pub(super) async fn a_clock_that_goes_back_does_not_open_a_full_window_again(bench: Bench) {
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

pub(super) async fn a_rolling_limit_counts_across_boundaries_and_frees_what_left_the_window(bench: Bench) {
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

pub(super) async fn a_rolling_wait_is_neither_too_short_nor_too_long(bench: Bench) {
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

pub(super) async fn what_is_given_back_can_be_taken_again_in_its_window_only(bench: Bench) {
    let all = [minutely("calls", "1.5", "1.5"), minutely("more", "1", "9")];
    let first = bench.reserve(&all, START).await.unwrap();
    assert_eq!(bench.over(&all, START).await.0, 0);
    bench.counters.give_back(first).await;
    let second = bench.reserve(&all, START).await.unwrap();
    assert_eq!(second.remaining(), [amount("0"), amount("8")]);
    let _ = bench.reserve(&all, START + MINUTE).await.unwrap();
    bench.counters.give_back(second).await;
    assert_eq!(bench.over(&all, START + MINUTE).await, (0, "1.5".into(), 60_000));
}

pub(super) async fn giving_back_in_a_rolling_window_frees_the_part_it_came_from(bench: Bench) {
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

pub(super) async fn counters_that_differ_in_anything_are_counted_apart(bench: Bench) {
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

pub(super) async fn a_lowered_maximum_holds_at_once_and_nothing_costs_nothing(bench: Bench) {
    assert_eq!(bench.left(&[minutely("calls", "5", "10")], START).await, ["5"]);
    assert_eq!(bench.over(&[minutely("calls", "1", "3")], START).await.1, "5");
    assert_eq!(bench.over(&[minutely("calls", "0", "3")], START).await.1, "5");
    assert_eq!(bench.left(&[minutely("calls", "0", "5")], START).await, ["0"]);
    assert_eq!(bench.left(&[minutely("none", "0", "0")], START).await, ["0"]);
}

pub(super) async fn no_charges_need_no_store_and_one_counter_twice_is_refused(bench: Bench) {
    assert_eq!(bench.reserve(&[], START).await, Ok(Reservation::default()));
    let twice = [minutely("calls", "1", "9"), minutely("other", "1", "9"), minutely("calls", "1", "9")];
    assert!(matches!(bench.reserve(&twice, START).await, Err(Refusal::Unavailable { index: 2, .. })));
    assert_eq!(bench.left(&[minutely("calls", "1", "9")], START).await, ["8"]);
}

pub(super) async fn callers_at_the_same_time_share_one_limit_exactly(bench: Bench) {
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
