//! What limits charge, to which counter, and who is told when one is reached.

use policy::{Context, OnOutage, Scope, Window, decide};

use super::world::{amount, call, charges, compile, context, denial, document, pay, permit, rule};

fn limit(fields: &str) -> String {
    format!(r#"{{"counter": "c", "window": "day", "max": 9, "scope": "org"{fields}}}"#)
}

fn limits(list: &[String]) -> policy::Policy {
    pay(&format!(r#"{{"limits": [{}]}}"#, list.join(", ")))
}

#[test]
fn a_scope_counts_under_its_own_id() {
    for (name, scope, id) in [
        ("grant", Scope::Grant, "grant_1"),
        ("session", Scope::Session, "idn_1/s1"),
        ("identity", Scope::Identity, "idn_1"),
        ("team", Scope::Team, "team_1"),
        ("server", Scope::Server, "srv_1"),
        ("org", Scope::Org, "acme"),
    ] {
        let policy =
            limits(&[format!(r#"{{"counter": "c", "window": "day", "max": 9, "scope": "{name}"}}"#)]);
        let charges = charges(&policy, "{}");
        assert_eq!((charges[0].counter.scope, &*charges[0].counter.scope_id), (scope, id));
    }
}

#[test]
fn limits_of_several_scopes_count_under_the_ids_of_their_own() {
    let policy = limits(&[limit(""), limit("").replace("org", "team"), limit("").replace("org", "grant")]);
    let charges = charges(&policy, "{}");
    let ids: Vec<&str> = charges.iter().map(|charge| &*charge.counter.scope_id).collect();
    assert_eq!(ids, ["acme", "team_1", "grant_1"]);
}

#[test]
fn amounts_are_fixed_or_taken_from_an_argument() {
    let charged =
        |fields: &str, arguments: &str| charges(&limits(&[limit(fields)]), arguments)[0].amount.to_string();
    assert_eq!(charged("", "{}"), "1");
    assert_eq!(charged(r#", "increment": 0.000000001"#, "{}"), "0.000000001");
    let from = r#", "increment_from": "args.sum.value""#;
    for (argument, expected) in [
        ("12.50", "12.5"),
        ("0", "0"),
        ("-0", "0"),
        ("1e3", "1000"),
        ("1.000000000000", "1"),
        ("9007199254740991.999999999", "9007199254740991.999999999"),
        ("123456789e-9", "0.123456789"),
    ] {
        assert_eq!(charged(from, &format!(r#"{{"sum": {{"value": {argument}}}}}"#)), expected);
    }
}

#[test]
fn an_amount_that_cannot_be_counted_refuses_and_says_why() {
    let policy = limits(&[limit(""), limit(r#", "increment_from": "args.sum""#)]);
    for (arguments, part) in [
        ("{}", "this call has none"),
        (r#"{"sum": null}"#, "this call has none"),
        (r#"{"sum": "5"}"#, "this call has a string"),
        (r#"{"sum": [5]}"#, "this call has an array"),
        (r#"{"sum": -0.1}"#, "is negative"),
        (r#"{"sum": 9007199254740992}"#, "is too large"),
        (r#"{"sum": 1e400000000}"#, "is too large"),
        (r#"{"sum": 0.0000000001}"#, "more than 9 digits"),
        (r#"{"sum": 1e-400000000}"#, "more than 9 digits"),
    ] {
        let denial = denial(&policy, &call("pay", arguments), &context());
        assert_eq!((denial.rule.as_str(), denial.limit.as_deref()), ("/tools/pay/limits/1", Some("c")));
        assert!(denial.message.contains(part) && denial.message.contains("args.sum"), "{}", denial.message);
        assert_eq!(denial.retry_after_ms, None);
    }
}

#[test]
fn a_key_keeps_values_apart_and_equal_ones_together() {
    let policy = limits(&[limit(r#", "key": "args.to""#)]);
    let key = |to: &str| charges(&policy, &format!(r#"{{"to": {to}}}"#))[0].counter.key.clone().unwrap();
    // Gateways of two versions must count under one key, so the digest may not change.
    assert_eq!(&*key(r#""a""#), "277a62a088a9ffb6dc0018b70a6d41ac4994452d288058f56d1295436b70fb2c");
    let groups: [&[&str]; 8] = [
        &[r#""a""#, r#""\u0061""#],
        &[r#""A""#],
        &["5", r#""5""#, "5.0", "50e-1", r#""5.00""#],
        &["-5"],
        &["true"],
        &[r#""true""#],
        &[r#"{"a": 1, "b": [2]}"#, r#"{"b": ["2"], "a": 1.0}"#],
        &[r#"["a", "b"]"#],
    ];
    for (index, group) in groups.iter().enumerate() {
        for value in *group {
            assert_eq!(key(value), key(group[0]), "{value}");
            for other in groups.iter().take(index) {
                assert_ne!(key(value), key(other[0]), "{value}");
            }
        }
    }
    for arguments in ["{}", r#"{"to": null}"#] {
        let denial = denial(&policy, &call("pay", arguments), &context());
        assert_eq!(denial.rule, "/tools/pay/limits/0");
        assert!(denial.message.contains("args.to"), "{}", denial.message);
    }
    let by_caller = limits(&[limit(r#", "key": "identity.label""#)]);
    assert_eq!(charges(&by_caller, "{}")[0].counter.key, Some(key(r#""bot""#)));
}

#[test]
fn limits_on_one_counter_make_one_charge_and_keep_their_own_maximum() {
    let policy = compile(&document(
        r#""default": "deny",
        "all_tools": {"limits": [{"counter": "spend", "window": "day", "max": 100, "scope": "grant", "increment_from": "args.sum"}]},
        "tools": {"pay": {"limits": [
            {"counter": "calls", "window": "day", "max": 3, "scope": "grant"},
            {"counter": "spend", "window": 86400, "max": 50.5, "scope": "grant", "increment": 10, "on_outage": "allow"},
            {"counter": "calls", "window": "day", "max": 2, "scope": "grant", "on_outage": "allow"},
            {"counter": "calls", "window": "hour", "max": 2, "scope": "org", "on_outage": "allow"}]}}"#,
    ));
    let permit = permit(&policy, &call("pay", r#"{"sum": 7}"#), &context());
    let charged: Vec<_> = permit
        .charges()
        .iter()
        .map(|charge| {
            (&*charge.counter.name, charge.amount.to_string(), charge.max.to_string(), charge.on_outage)
        })
        .collect();
    assert_eq!(
        charged,
        [
            ("spend", "10".to_owned(), "50.5".to_owned(), OnOutage::Deny),
            ("calls", "1".to_owned(), "2".to_owned(), OnOutage::Deny),
            ("calls", "1".to_owned(), "2".to_owned(), OnOutage::Allow),
        ]
    );
    let over = |index, used| permit.over(index, amount(used), 1).rule;
    assert_eq!(over(0, "40.6"), "/tools/pay/limits/1");
    assert_eq!(over(0, "90.1"), "/all_tools/limits/0");
    assert_eq!(over(1, "2"), "/tools/pay/limits/2");
    assert_eq!(over(1, "3"), "/tools/pay/limits/0");
    assert_eq!(over(2, "2"), "/tools/pay/limits/3");
    assert_eq!(permit.counters_unavailable(0).rule, "/all_tools/limits/0");
}

#[test]
fn an_outage_refuses_where_any_limit_on_the_counter_says_so() {
    let of = |first: &str, second: &str| {
        let on_outage = |word: &str| limit(&format!(r#", "on_outage": "{word}""#));
        charges(&limits(&[on_outage(first), on_outage(second)]), "{}")[0].on_outage
    };
    assert_eq!(of("allow", "allow"), OnOutage::Allow);
    assert_eq!(of("allow", "deny"), OnOutage::Deny);
    assert_eq!(of("deny", "allow"), OnOutage::Deny);
}

#[test]
fn only_a_charge_beyond_the_maximum_never_fits() {
    let over = |increment: &str| {
        let policy = limits(&[limit(&format!(r#", "increment": {increment}"#))]);
        permit(&policy, &call("pay", "{}"), &context()).over(0, amount("1"), 5_000)
    };
    let fits_later = over("9");
    assert_eq!(fits_later.retry_after_ms, Some(5_000));
    assert!(fits_later.message.contains("Wait 5 s"), "{}", fits_later.message);
    let never = over("9.000000001");
    assert_eq!((never.retry_after_ms, never.remaining), (None, Some(amount("8"))));
    assert!(never.message.contains("Waiting will not help"), "{}", never.message);
}

#[test]
fn a_limit_that_cannot_be_counted_is_named_with_when_to_come_back() {
    let permit = permit(&limits(&[limit("")]), &call("pay", "{}"), &context());
    for (denial, retry_after_ms, says) in [
        (permit.counters_unavailable(0), None, "cannot be checked just now"),
        (permit.counters_lost(0, 2_001), Some(2_001), "Limits are being restored, \"c\" among them"),
        (permit.closed(0, 2_001), Some(2_001), "What the limit \"c\" has counted was lost"),
    ] {
        assert_eq!((denial.rule.as_str(), denial.limit.as_deref()), ("/tools/pay/limits/0", Some("c")));
        assert_eq!((denial.retry_after_ms, denial.remaining), (retry_after_ms, None));
        assert!(denial.message.contains(says), "{}", denial.message);
        assert_eq!(denial.message.contains("Wait 3 s, then call again."), retry_after_ms.is_some());
    }
    // Whoever asks for a charge that is not there has mixed up two permits.
    for denial in [
        permit.counters_unavailable(1),
        permit.counters_lost(1, 5),
        permit.closed(1, 5),
        permit.over(1, amount("1"), 5),
    ] {
        assert_eq!((denial.rule.as_str(), denial.limit, denial.retry_after_ms), ("(limits)", None, None));
    }
}

#[test]
fn reaching_a_limit_says_how_much_is_left_and_when_to_come_back() {
    let permit = permit(&limits(&[limit(r#", "increment": 2.5"#)]), &call("pay", "{}"), &context());
    let denial = permit.over(0, amount("7.5"), 11_001);
    assert_eq!((denial.rule.as_str(), denial.limit.as_deref()), ("/tools/pay/limits/0", Some("c")));
    assert_eq!((denial.retry_after_ms, denial.remaining), (Some(11_001), Some(amount("1.5"))));
    for part in ["\"c\"", "9 per day", "1.5 is left", "takes 2.5", "Wait 12 s"] {
        assert!(denial.message.contains(part), "{part} in {}", denial.message);
    }
    let unavailable = permit.counters_unavailable(0);
    assert!(unavailable.message.contains("cannot be checked"), "{}", unavailable.message);
}

#[test]
fn a_call_that_alone_takes_more_than_the_maximum_is_not_told_to_wait() {
    let policy = limits(&[limit(r#", "increment_from": "args.sum""#)]);
    let permit = permit(&policy, &call("pay", r#"{"sum": 10}"#), &context());
    let denial = permit.over(0, amount("0"), 5_000);
    assert_eq!(denial.retry_after_ms, None);
    assert!(denial.message.contains("args.sum as at most 9"), "{}", denial.message);
}

#[test]
fn an_amount_that_is_too_much_now_is_told_what_would_fit() {
    let policy = limits(&[limit(r#", "increment_from": "args.sum""#)]);
    let permit = permit(&policy, &call("pay", r#"{"sum": 5}"#), &context());
    let denial = permit.over(0, amount("6.5"), 5_000);
    assert!(denial.message.contains("args.sum as at most 2.5, or wait 5 s"), "{}", denial.message);
    assert!(permit.over(0, amount("9"), 5_000).message.contains("Wait 5 s"));
}

#[test]
fn a_reason_is_told_when_the_rules_limit_is_reached() {
    let policy = pay(&format!(r#"{{"reason": "Ask finance.", "limits": [{}]}}"#, limit("")));
    let permit = permit(&policy, &call("pay", "{}"), &context());
    assert_eq!(permit.over(0, amount("9"), 1).message, "Ask finance.");
}

#[test]
fn an_index_that_no_charge_has_is_a_refusal_and_no_panic() {
    let permit = permit(&pay("{}"), &call("pay", "{}"), &context());
    assert!(permit.charges().is_empty());
    assert_eq!(permit.over(3, amount("0"), 1).rule, "(limits)");
    assert_eq!(permit.counters_unavailable(0).rule, "(limits)");
}

#[test]
fn a_rate_limit_of_many_tools_counts_each_by_its_own_name() {
    let policy = compile(&document(
        r#""default": "allow", "all_tools": {"rate_limit": {"max": 5, "window": "second"}},
           "prompts": {"default": "allow", "rules": {"a*": {"rate_limit": {"max": 5, "window": 7}}}}"#,
    ));
    let named = |call: &policy::Call<'_>| permit(&policy, call, &context()).charges()[0].counter.clone();
    let tool = named(&call("abc", "{}"));
    assert_eq!((&*tool.name, tool.window), ("abc_rate", Window::Second));
    let prompt = named(&policy::Call { subject: policy::Subject::Prompt, ..call("abc", "{}") });
    assert_eq!((&*prompt.name, prompt.window), ("prompt:abc_rate", Window::Seconds(7)));
}

#[test]
fn rolling_and_outage_are_carried_on_the_charge() {
    let charges = charges(&limits(&[limit(r#", "rolling": true, "on_outage": "allow""#)]), "{}");
    assert!(charges[0].counter.rolling);
    assert_eq!(charges[0].on_outage, OnOutage::Allow);
}

#[test]
fn a_session_of_another_identity_is_another_counter() {
    let policy = pay(r#"{"rate_limit": {"max": 1, "window": 1}}"#);
    let other = Context { identity: policy::Identity { id: "idn_2", ..context().identity }, ..context() };
    let id =
        |context: &Context<'_>| permit(&policy, &call("pay", "{}"), context).charges()[0].counter.clone();
    assert_ne!(id(&context()), id(&other));
    assert_eq!(rule(&decide(Some(&policy), &call("pay", "{}"), &other)), "");
}
