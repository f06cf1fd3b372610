//! Policies as they are recommended for tools in the wild.

use policy::{Scope, Window};

use super::world::{amount, call, compile, context, permit, rule};

fn check(document: &str, tool: &str, limit: Option<(&str, &str)>) {
    let policy = compile(document);
    let permit = permit(&policy, &call(tool, "{}"), &context());
    let charges = permit.charges();
    match limit {
        None => assert!(charges.is_empty()),
        Some((counter, max)) => {
            let [charge] = charges else { panic!("{tool} is charged {charges:?}") };
            assert_eq!((&*charge.counter.name, charge.max), (counter, amount(max)));
            assert_eq!((charge.counter.scope, charge.counter.window), (Scope::Grant, Window::Minute));
            assert_eq!(charge.amount, amount("1"));
        }
    }
    let other = policy::decide(Some(&policy), &call("anything_else", "{}"), &context());
    assert_eq!(rule(&other), "(default deny)");
    assert!(policy::Policy::compile(document.as_bytes()).unwrap().warnings.is_empty());
    assert!(super::schema::fits(document), "{document}");
}

#[test]
fn a_tool_of_category_other_is_capped_at_sixty_a_minute_and_all_else_denied() {
    let document = r#"{
  "version": "1",
  "default": "deny",
  "tools": {
    "BinanceDeliveryCloseListenKey": {
      "limits": [
        {
          "counter": "binancedeliverycloselistenkey_rate",
          "window": "minute",
          "max": 60,
          "scope": "grant"
        }
      ]
    }
  }
}"#;
    check(document, "BinanceDeliveryCloseListenKey", Some(("binancedeliverycloselistenkey_rate", "60")));
}

#[test]
fn a_writing_tool_is_capped_at_thirty_a_minute_and_all_else_denied() {
    let document = r#"{
  "version": "1",
  "default": "deny",
  "tools": {
    "BinanceFuturesCloseListenKey": {
      "limits": [
        {
          "counter": "binancefuturescloselistenkey_rate",
          "window": "minute",
          "max": 30,
          "scope": "grant"
        }
      ]
    }
  }
}"#;
    check(document, "BinanceFuturesCloseListenKey", Some(("binancefuturescloselistenkey_rate", "30")));
}

#[test]
fn a_reading_tool_with_an_empty_rule_is_allowed_and_all_else_denied() {
    let document = r#"{
  "version": "1",
  "default": "deny",
  "tools": {
    "cleanup_all_streams": {}
  }
}"#;
    check(document, "cleanup_all_streams", None);
}

#[test]
fn ten_calls_in_sixty_seconds_are_counted_by_session_under_the_tools_name() {
    let policy = compile(
        r#"{"version": "1", "default": "deny", "tools": {"send": {"rate_limit": {"max": 10, "window": 60}}}}"#,
    );
    let permit = permit(&policy, &call("send", "{}"), &context());
    let [charge] = permit.charges() else { panic!("one charge") };
    assert_eq!((&*charge.counter.name, charge.counter.scope), ("send_rate", Scope::Session));
    assert_eq!((charge.counter.window, charge.max), (Window::Minute, amount("10")));
    assert_eq!(permit.over(0, amount("10"), 5_000).rule, "/tools/send/rate_limit");
}

#[test]
fn an_action_deny_refuses_with_its_reason() {
    let policy = compile(
        r#"{"version": "1", "default": "allow", "tools": {"wipe": {"action": "deny", "reason": "Not from here."}}}"#,
    );
    let denial = super::world::denial(&policy, &call("wipe", "{}"), &context());
    assert_eq!((denial.rule.as_str(), denial.message.as_str()), ("/tools/wipe/action", "Not from here."));
}
