//! Trials: a call that is judged after others, with counters of its own, and how long a refusal lasts.

use policy::{Category, Judgement, Outcome, Policy, Step, Trial};

use super::world::{compile, document};

/// A call of `t` with these arguments at `time`, after `prior` calls; all times are milliseconds from a new year's midnight.
fn tried(
    policy: &Policy,
    arguments: &str,
    time: i64,
    prior: &[(i64, u32, &str)],
    explained: bool,
) -> Judgement {
    let at = |time: i64| super::world::NEW_YEAR + time;
    let prior: Vec<String> = prior
        .iter()
        .map(|(time, repeat, arguments)| {
            format!(r#"{{"tool": "t", "time": {}, "repeat": {repeat}, "arguments": {arguments}}}"#, at(*time))
        })
        .collect();
    let text = format!(
        r#"{{"call": {{"tool": "t", "arguments": {arguments}}}, "context": {{"time": {}, "prior": [{}]}}}}"#,
        at(time),
        prior.join(",")
    );
    let tried = Trial::read(text.as_bytes()).unwrap().run(policy, explained);
    assert!(tried.prior_denied.is_empty(), "{tried:?}");
    tried.judgement
}

fn limited(limits: &str) -> Policy {
    compile(&document(&format!(r#""default": "deny", "tools": {{"t": {{"limits": [{limits}]}}}}"#)))
}

#[test]
fn parts_of_a_rolling_window_leave_it_one_by_one() {
    let policy =
        limited(r#"{"counter": "c", "window": "minute", "max": 3, "scope": "org", "rolling": true}"#);
    let prior = [(0, 1, "{}"), (30_000, 2, "{}"), (61_000, 1, "{}")];
    let judged = tried(&policy, "{}", 61_000, &prior, false);
    assert_eq!((judged.outcome, judged.retry_after_ms), (Outcome::Deny, Some(30_000)));
    assert_eq!(tried(&policy, "{}", 91_000, &prior, false).outcome, Outcome::Allow);
    let judged = tried(&policy, "{}", 60_999, &prior[..2], false);
    assert_eq!((judged.outcome, judged.retry_after_ms), (Outcome::Deny, Some(1)));
}

#[test]
fn parts_that_do_not_divide_a_window_evenly_are_never_shorter_than_it() {
    let policy = limited(r#"{"counter": "c", "window": 7, "max": 1, "scope": "org", "rolling": true}"#);
    // Sixty parts of 117 milliseconds are 7,020, of 116 they would be 6,960.
    let part = super::world::NEW_YEAR.div_euclid(117);
    let leaves = (part + 61) * 117 - super::world::NEW_YEAR;
    let judged = tried(&policy, "{}", 6_999, &[(0, 1, "{}")], false);
    assert_eq!(judged.retry_after_ms, u64::try_from(leaves - 6_999).ok());
    assert_eq!(tried(&policy, "{}", leaves, &[(0, 1, "{}")], false).outcome, Outcome::Allow);
}

#[test]
fn the_longest_wait_counts_even_of_a_charge_that_never_fits() {
    let policy = limited(
        r#"{"counter": "calls", "window": "hour", "max": 1, "scope": "org"},
           {"counter": "sum", "window": "day", "max": 5, "scope": "org", "rolling": true, "increment_from": "args.n", "key": "args.k"}"#,
    );
    let judged =
        tried(&policy, r#"{"n": 10, "k": "new"}"#, 1_000, &[(0, 1, r#"{"n": 1, "k": "old"}"#)], false);
    assert_eq!(judged.rule, "/tools/t/limits/0");
    assert_eq!(judged.retry_after_ms, Some(86_400_000 - 1_000));
    let judged = tried(&policy, r#"{"n": 10, "k": "new"}"#, 1_000, &[], false);
    assert_eq!((judged.rule.as_str(), judged.retry_after_ms), ("/tools/t/limits/1", None));
}

#[test]
fn what_is_left_is_the_least_of_counters_with_one_name() {
    let policy = limited(
        r#"{"counter": "c", "window": "hour", "max": 9, "scope": "org"}, {"counter": "c", "window": "hour", "max": 5, "scope": "grant"},
           {"counter": "c", "window": "hour", "max": 7, "scope": "team"}"#,
    );
    let left = |judged: Judgement| {
        judged.remaining.into_iter().map(|(name, left)| format!("{name} {left}")).collect::<Vec<_>>()
    };
    assert_eq!(left(tried(&policy, "{}", 0, &[], false)), ["c 4"]);
    assert_eq!(left(tried(&policy, "{}", 0, &[(0, 2, "{}")], false)), ["c 2"]);
}

#[test]
fn a_trial_is_explained_when_asked_and_its_trace_ends_as_the_limits_say() {
    let policy = limited(r#"{"counter": "c", "window": "hour", "max": 1, "scope": "org"}"#);
    assert_eq!(tried(&policy, "{}", 0, &[], false).trace, None);
    let trace = tried(&policy, "{}", 0, &[], true).trace.unwrap();
    assert_eq!((trace.outcome, trace.rule.as_str()), (Outcome::Allow, ""));
    let judged = tried(&policy, "{}", 0, &[(0, 1, "{}")], true);
    let trace = judged.trace.unwrap();
    assert_eq!((trace.outcome, trace.rule), (Outcome::Deny, judged.rule));
    let last = trace.steps.last().unwrap();
    assert_eq!((last.step, last.passed), (Step::Limit, false));
}

const CALL: &str = r#"{"call": {"tool": "t"}}"#;

#[test]
fn what_a_trial_leaves_out_can_be_filled_in() {
    let policy = compile(&document(r#""default": "deny", "categories": {"read": {}}"#));
    let mut trial = Trial::read(CALL.as_bytes()).unwrap();
    assert_eq!(trial.tool(), "t");
    assert_eq!(trial.run(&policy, false).judgement.rule, "(default deny)");
    trial.setting().category = Some(Category::Read);
    assert_eq!(trial.run(&policy, false).judgement.outcome, Outcome::Allow);
}

#[test]
fn a_tool_without_a_class_is_refused_unless_it_is_refused_anyway() {
    let trial = Trial::read(CALL.as_bytes()).unwrap();
    let under = |body: &str| trial.run(&compile(&document(body)), true).unclassified("t").judgement;
    let refused = under(r#""default": "deny""#);
    assert_eq!((refused.outcome, refused.rule.as_str()), (Outcome::Deny, "(default deny)"));
    let refused = under(r#""default": "allow""#);
    assert_eq!((refused.outcome, refused.rule.as_str()), (Outcome::Deny, "(unknown class)"));
    assert!(refused.message.contains("nothing is known yet of the tool \"t\""), "{}", refused.message);
    let trace = refused.trace.unwrap();
    assert_eq!((trace.outcome, trace.rule.as_str()), (Outcome::Deny, "(unknown class)"));
}
