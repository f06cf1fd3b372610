//! What must hold for any policy and any call.

use policy::{Amount, Category, Context, Decision, Policy, Subject, Window, decide};
use proptest::prelude::*;

use super::world::{call, context};

pub(crate) const NAMES: [&str; 6] = ["a", "ab", "abc", "b", "get_a", "x"];
pub(crate) const PATTERNS: [&str; 8] = ["a", "ab", "x", "a*", "*b", "?", "a?c", "*"];
pub(crate) const RULES: [&str; 8] = [
    "{}",
    r#"{"action": "allow"}"#,
    r#"{"action": "deny", "reason": "r"}"#,
    r#"{"action": "require_approval"}"#,
    r#"{"require": [{"conditions": [{"path": "args.n", "op": "lt", "value": 5}], "on_deny": "q"}]}"#,
    r#"{"deny_if": [{"conditions": [{"path": "args.s", "op": "eq", "value": "5"}], "on_deny": "d"}]}"#,
    r#"{"limits": [{"counter": "c", "window": "day", "max": 5, "scope": "org", "increment_from": "args.n"}]}"#,
    r#"{"rate_limit": {"max": 5, "window": 60}, "limits": [{"counter": "d", "window": "day", "max": 5, "scope": "org"}]}"#,
];
pub(crate) const ARGUMENTS: [&str; 6] =
    ["{}", r#"{"n": 1}"#, r#"{"n": 9, "s": "5"}"#, r#"{"n": "1"}"#, r#"{"s": 5}"#, r#"{"n": 4, "s": "x"}"#];

/// The version, members, and rules for tools.
pub(crate) type Parts = (String, Vec<String>, Vec<(String, String)>);

prop_compose! {
    /// Members of a document in an order of their own.
    pub(crate) fn members()(
        default in prop::sample::select(vec!["allow", "deny"]),
        hide in prop::sample::subsequence(PATTERNS.to_vec(), 0..3),
        all in prop::option::of(prop::sample::select(RULES.to_vec())),
        categories in prop::sample::subsequence(vec!["read", "write"], 0..=2),
        category_rules in prop::collection::vec(prop::sample::select(RULES.to_vec()), 2),
        patterns in prop::sample::subsequence(PATTERNS.to_vec(), 0..=5).prop_shuffle(),
        rules in prop::collection::vec(prop::sample::select(RULES.to_vec()), 5),
    ) -> Parts {
        let hide = format!(r#""hide": {hide:?}"#);
        let mut parts = vec![format!(r#""default": "{default}""#), hide];
        parts.extend(all.map(|rule| format!(r#""all_tools": {rule}"#)));
        let categories: Vec<String> =
            categories.iter().zip(category_rules).map(|(name, rule)| format!(r#""{name}": {rule}"#)).collect();
        parts.push(format!(r#""categories": {{{}}}"#, categories.join(", ")));
        let tools = patterns.into_iter().zip(rules).map(|(pattern, rule)| (pattern.to_owned(), rule.to_owned())).collect();
        (r#""version": "1""#.to_owned(), parts, tools)
    }
}

pub(crate) fn compile(parts: &Parts, reversed: bool) -> Policy {
    let (version, mut members, mut tools) = parts.clone();
    if reversed {
        members.reverse();
        tools.reverse();
    }
    let tools: Vec<String> = tools.iter().map(|(pattern, rule)| format!("{pattern:?}: {rule}")).collect();
    let text = format!(r#"{{"tools": {{{}}}, {}, {version}}}"#, tools.join(", "), members.join(", "));
    Policy::compile(text.as_bytes()).unwrap().policy
}

/// Everything that a decision says.
fn said(decision: &Decision) -> String {
    match decision {
        Decision::Permit(permit) => format!("{:?}", permit.charges()),
        Decision::Deny(denial) => format!("{denial:?}"),
    }
}

proptest! {
    #[test]
    fn the_same_document_in_any_order_decides_the_same(
        parts in members(),
        name in prop::sample::select(NAMES.to_vec()),
        arguments in prop::sample::select(ARGUMENTS.to_vec()),
        category in prop::option::of(prop::sample::select(vec![Category::Read, Category::Write, Category::Other])),
    ) {
        let (policy, again) = (compile(&parts, false), compile(&parts, true));
        let context = Context { category, ..context() };
        let first = said(&decide(Some(&policy), &call(name, arguments), &context));
        prop_assert_eq!(&first, &said(&decide(Some(&policy), &call(name, arguments), &context)));
        prop_assert_eq!(&first, &said(&decide(Some(&again), &call(name, arguments), &context)));
    }

    #[test]
    fn what_is_listed_is_exactly_what_is_neither_hidden_nor_denied_by_default(
        parts in members(),
        name in prop::sample::select(NAMES.to_vec()),
        category in prop::option::of(prop::sample::select(vec![Category::Read, Category::Write, Category::Other])),
    ) {
        let policy = compile(&parts, false);
        let decision = decide(Some(&policy), &call(name, "{}"), &Context { category, ..context() });
        let unlisted = matches!(&decision, Decision::Deny(denial) if denial.rule == "(hidden)" || denial.rule == "(default deny)");
        prop_assert_eq!(policy.lists(Subject::Tool, name, category), !unlisted);
    }

    #[test]
    fn no_bytes_make_compiling_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Policy::compile(&bytes);
    }

    #[test]
    fn no_text_like_a_document_makes_compiling_or_deciding_panic(
        cut in 0_usize..400,
        insert in "[\\[\\]{}\",:0-9a-z*?.]{0,3}",
    ) {
        let text = r#"{"version": "1", "default": "deny", "tools": {"a*": {"require": [{"conditions": [{"any": [{"path": "args.a[*].b", "op": "in", "value": [1, "x"]}]}], "on_deny": "n"}], "limits": [{"counter": "c", "window": 5, "max": 2.5, "scope": "team", "key": "args.k"}]}}}"#;
        let cut = cut.min(text.len());
        let text = format!("{}{insert}{}", &text[..cut], &text[cut..]);
        if let Ok(compiled) = Policy::compile(text.as_bytes()) {
            let _ = decide(Some(&compiled.policy), &call("ab", r#"{"a": [{"b": 1}], "k": "v"}"#), &context());
        }
    }

    #[test]
    fn a_glob_matches_as_trying_everything_does(glob in "[ab*?]{0,7}[*?]", name in "[abä]{0,8}") {
        fn tries(glob: &[char], name: &[char]) -> bool {
            match (glob, name) {
                ([], []) => true,
                (['*', glob @ ..], _) if tries(glob, name) => true,
                (['*', ..], [_, rest @ ..]) => tries(glob, rest),
                ([g, glob @ ..], [n, name @ ..]) => (*g == '?' || g == n) && tries(glob, name),
                _ => false,
            }
        }
        let text = format!(r#"{{"version": "1", "default": "deny", "tools": {{"{glob}": {{}}}}}}"#);
        let policy = Policy::compile(text.as_bytes()).unwrap().policy;
        let (glob, letters): (Vec<char>, Vec<char>) = (glob.chars().collect(), name.chars().collect());
        prop_assert_eq!(policy.lists(Subject::Tool, &name, None), tries(&glob, &letters));
    }

    #[test]
    fn aligned_windows_are_found_by_walking_there(time in -200_000_000_000_i64..4_000_000_000_000, seconds in 1_u32..5_000_000) {
        let (start, end) = Window::Seconds(seconds).bounds(time);
        prop_assert!(start <= time && time < end);
        prop_assert_eq!(start.rem_euclid(i64::from(seconds) * 1000), 0);
        prop_assert_eq!(end - start, i64::from(seconds) * 1000);
    }

    #[test]
    fn calendar_windows_are_found_by_walking_there(time in -200_000_000_000_i64..4_000_000_000_000) {
        const DAY: i64 = 86_400_000;
        let (mut day, mut weekday) = (time.div_euclid(DAY), 0);
        // Back to Monday: 1970-01-01 was a Thursday.
        while (day + 3).rem_euclid(7) != 0 {
            day -= 1;
            weekday += 1;
        }
        prop_assert!(weekday < 7);
        prop_assert_eq!(Window::Week.bounds(time), (day * DAY, (day + 7) * DAY));
        prop_assert_eq!(Window::Month.bounds(time), month_by_walking(time));
    }

    #[test]
    fn amounts_add_and_print_as_they_were_written(a in 0_u64..1 << 52, an in 0_u32..1_000_000_000, b in 0_u64..1 << 52, bn in 0_u32..1_000_000_000) {
        let (x, y) = (Amount::from_parts(a, an).unwrap(), Amount::from_parts(b, bn).unwrap());
        let nanos = |amount: Amount| u128::from(amount.parts().0) * 1_000_000_000 + u128::from(amount.parts().1);
        prop_assert_eq!(x.to_string().parse::<Amount>().unwrap(), x);
        let sum = x.checked_add(y).unwrap();
        prop_assert_eq!(nanos(sum), nanos(x) + nanos(y));
        prop_assert_eq!(sum.saturating_sub(y), x);
        prop_assert_eq!(nanos(x.saturating_sub(y)), nanos(x).saturating_sub(nanos(y)));
        prop_assert_eq!(x.cmp(&y), nanos(x).cmp(&nanos(y)));
    }
}

/// Counts months from 1970 (or back from it) by their lengths until the moment is inside.
fn month_by_walking(time: i64) -> (i64, i64) {
    const DAY: i64 = 86_400_000;
    let length = |year: i64, month: i64| {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            [usize::try_from(month).unwrap()]
            * DAY
    };
    let (mut year, mut month, mut start) = (1970, 0, 0);
    while time < start {
        (year, month) = if month == 0 { (year - 1, 11) } else { (year, month - 1) };
        start -= length(year, month);
    }
    while time >= start + length(year, month) {
        start += length(year, month);
        (year, month) = if month == 11 { (year + 1, 0) } else { (year, month + 1) };
    }
    (start, start + length(year, month))
}

#[test]
fn the_ends_of_time_have_windows_too() {
    for time in [i64::MIN, i64::MAX] {
        for window in [Window::Second, Window::Day, Window::Week, Window::Month, Window::Seconds(u32::MAX)] {
            let (start, end) = window.bounds(time);
            assert!(start < end);
        }
    }
}
