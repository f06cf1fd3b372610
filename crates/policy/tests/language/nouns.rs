//! Amounts, counters and names, as programs write and read them.

use policy::{Amount, ApprovalTerms, Approvers, Category, Counter, Scope, Subject, Window};

use super::world::{NEW_YEAR, amount};

#[test]
fn an_amount_has_parts_within_its_bounds_only() {
    let most = (1 << 53) - 1;
    assert_eq!(Amount::from_parts(most, 999_999_999).map(Amount::parts), Some((most, 999_999_999)));
    assert_eq!(Amount::from_parts(most + 1, 0), None);
    assert_eq!(Amount::from_parts(0, 1_000_000_000), None);
    assert_eq!(amount("0.5").checked_add(amount("0.5")), Some(Amount::ONE));
    assert_eq!(amount("9007199254740991.5").checked_add(amount("0.5")), None);
    assert_eq!(amount("2.25").saturating_sub(amount("0.5")), amount("1.75"));
    assert_eq!(amount("2").saturating_sub(amount("2.000000001")), Amount::ZERO);
}

#[test]
fn an_amount_travels_as_text_and_other_text_is_refused_with_the_reason() {
    assert_eq!(serde_json::to_string(&amount("12.50")).unwrap(), r#""12.5""#);
    assert_eq!(serde_json::from_str::<Amount>(r#""12.5""#).unwrap(), amount("12.5"));
    for (text, why) in [
        (r#""-1""#, r#""-1" is negative"#),
        (r#""x""#, r#""x" is not a number"#),
        (r#""9007199254740992""#, "must be below 9007199254740992"),
        (r#""0.0000000001""#, "more than 9 digits"),
        ("1", "expected a string"),
    ] {
        let error = serde_json::from_str::<Amount>(text).unwrap_err().to_string();
        assert!(error.contains(why), "{text}: {error}");
    }
}

#[test]
fn a_name_on_the_wire_is_the_name_in_documents() {
    for (category, name, risk) in [
        (Category::Read, "read", "low"),
        (Category::Write, "write", "medium"),
        (Category::Execute, "execute", "high"),
        (Category::Destructive, "destructive", "critical"),
        (Category::Financial, "financial", "critical"),
        (Category::Other, "other", "low"),
    ] {
        assert_eq!((category.as_str(), category.risk(), Category::named(name)), (name, risk, Some(category)));
        assert_eq!(serde_json::to_value(category).unwrap(), name);
    }
    assert_eq!(Category::named("Read"), None);
    for (approvers, name) in
        [(Approvers::Admin, "admin"), (Approvers::PolicyManager, "policy_manager"), (Approvers::Team, "team")]
    {
        assert_eq!((approvers.as_str(), Approvers::named(name)), (name, Some(approvers)));
        assert_eq!(serde_json::to_value(approvers).unwrap(), name);
    }
    assert_eq!(Approvers::named("anyone"), None);
    for (scope, name) in [
        (Scope::Grant, "grant"),
        (Scope::Session, "session"),
        (Scope::Identity, "identity"),
        (Scope::Team, "team"),
        (Scope::Server, "server"),
        (Scope::Org, "org"),
    ] {
        assert_eq!(scope.as_str(), name);
        assert_eq!(serde_json::to_value(scope).unwrap(), name);
    }
    let subjects = [Subject::Tool, Subject::Prompt, Subject::Resource].map(Subject::as_str);
    assert_eq!(subjects, ["tool", "prompt", "resource"]);
}

#[test]
fn approvals_are_told_by_who_gives_them_and_how_many_it_takes() {
    for (approvers, quorum, whose) in [
        (Approvers::Admin, 1, "an admin"),
        (Approvers::Admin, 2, "two admins"),
        (Approvers::PolicyManager, 1, "a policy manager"),
        (Approvers::PolicyManager, 2, "two policy managers"),
        (Approvers::Team, 1, "somebody in the team"),
        (Approvers::Team, 2, "two people in the team"),
    ] {
        assert_eq!(ApprovalTerms { approvers, quorum, expires_in: 60 }.whose(), whose);
    }
}

#[test]
fn what_was_counted_counts_until_its_window_or_the_last_part_that_sees_it_ends() {
    let until = |window, rolling, place| {
        let counter = Counter {
            scope: Scope::Org,
            scope_id: "acme".into(),
            name: "c".into(),
            window,
            rolling,
            key: None,
        };
        counter.counts_until(place)
    };
    assert_eq!(until(Window::Minute, false, NEW_YEAR), NEW_YEAR + 60_000);
    assert_eq!(until(Window::Month, false, NEW_YEAR), NEW_YEAR + 31 * 86_400_000);
    assert_eq!(until(Window::Minute, true, 1_000), 1_061_000);
    // Seven seconds are cut into sixty parts of 117 ms.
    assert_eq!(until(Window::Seconds(7), true, 1_000), 1_061 * 117);
    assert_eq!(until(Window::Day, true, i64::MAX), i64::MAX);
}

#[test]
fn a_window_lasts_as_long_as_its_name_says_and_reads_so() {
    for (window, seconds, words) in [
        (Window::Second, 1, "second"),
        (Window::Minute, 60, "minute"),
        (Window::Hour, 3_600, "hour"),
        (Window::Day, 86_400, "day"),
        (Window::Week, 604_800, "week"),
        (Window::Month, 31 * 86_400, "month"),
        (Window::Seconds(90), 90, "90 seconds"),
    ] {
        assert_eq!((window.length_ms(), window.describe().as_str()), (seconds * 1_000, words));
    }
}

#[test]
fn months_before_and_after_all_calendars_are_the_first_and_the_last() {
    for time in [i64::MIN, i64::MAX] {
        let (start, end) = Window::Month.bounds(time);
        assert!(start < end && (start < 0) == (time < 0) && (end < 0) == (time < 0), "{start} {end}");
    }
}
