//! Documents, and what the engine makes of them.

use policy::{Call, Decision, Policy, Setting, Subject, ToolFacts};

use super::*;
use crate::{Definition, Server, classify};

fn class(category: Category) -> Class {
    Class::found(category, 1.0)
}

const ALL: [(&str, Category); 6] = [
    ("look", Category::Read),
    ("tidy", Category::Other),
    ("Change-It", Category::Write),
    ("run", Category::Execute),
    ("wipe", Category::Destructive),
    ("pay", Category::Financial),
];

fn compiled(text: &str) -> Policy {
    let compiled = Policy::compile(text.as_bytes()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    assert!(compiled.warnings.is_empty(), "{text}: {:?}", compiled.warnings);
    compiled.policy
}

fn decide(policy: &Policy, tool: &str) -> Decision {
    let call = Call { subject: Subject::Tool, name: tool, arguments: None };
    let setting = Setting::default();
    let context = setting.context(0);
    policy::decide(Some(policy), &call, &context)
}

/// What a policy does with a tool: the rule that denies, or what each call costs.
fn effect(policy: &Policy, tool: &str) -> String {
    match decide(policy, tool) {
        Decision::Deny(denial) => denial.rule,
        Decision::Permit(permit) => {
            let charges = permit.charges().iter();
            charges
                .map(|charge| {
                    format!("{} by {} in {:?}", charge.counter.name, charge.max, charge.counter.window)
                })
                .collect()
        }
    }
}

#[test]
fn a_tools_document_is_the_one_that_its_page_shows() {
    let limited = |name: &str, counter: &str, max: u32| {
        format!(
            r#"{{"version":"1","default":"deny","tools":{{"{name}":{{"limits":[{{"counter":"{counter}_rate","window":"minute","max":{max},"scope":"grant"}}]}}}}}}"#
        )
    };
    let expected = [
        r#"{"version":"1","default":"deny","tools":{"look":{}}}"#.to_owned(),
        limited("tidy", "tidy", 60),
        limited("Change-It", "change-it", 30),
        limited("run", "run", 10),
        r#"{"version":"1","default":"deny","hide":["wipe"]}"#.to_owned(),
        r#"{"version":"1","default":"deny","tools":{"pay":{"approval":{"reason":"requires human approval"}}}}"#.to_owned(),
    ];
    for ((tool, category), expected) in ALL.into_iter().zip(expected) {
        let document = serde_json::to_string(&recommend(tool, &class(category))).unwrap();
        assert_eq!(document, expected);
        compiled(&document);
    }
}

#[test]
fn a_servers_document_does_to_each_class_what_it_says() {
    let classes = ALL.map(|(tool, category)| (tool, class(category)));
    let recommendation = recommend_server(classes.iter().map(|(tool, class)| (*tool, class)));
    let policy = compiled(&recommendation.text().unwrap());
    let effects: Vec<String> = ALL.iter().map(|(tool, _)| effect(&policy, tool)).collect();
    assert_eq!(
        effects,
        [
            "",
            "tidy_rate by 60 in Minute",
            "change-it_rate by 30 in Minute",
            "run_rate by 10 in Minute",
            "(hidden)",
            "/tools/pay/approval"
        ]
    );
    assert_eq!(effect(&policy, "unheard-of"), "(default deny)");
    let facts = ALL.map(|(name, category)| ToolFacts { name, category: Some(category), input_schema: None });
    assert_eq!(policy.lint(&facts).len(), 0);
    assert_eq!(recommendation.reasons.len(), ALL.len());
    assert!(recommendation.text().unwrap().contains("1 destructive (hidden)"));
}

#[test]
fn both_forms_of_a_document_mean_the_same() {
    let classes = ALL.map(|(tool, category)| (tool, class(category)));
    let recommendation = recommend_server(classes.iter().map(|(tool, class)| (*tool, class)));
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(read(&recommendation.text().unwrap()), serde_json::to_value(&recommendation).unwrap());
}

#[test]
fn a_name_that_would_be_a_pattern_or_breaks_bounds_never_opens_anything() {
    let long = "n".repeat(4097);
    let names = ["*", "get_*", "a?", "", &long, "line\nbreak", "quote\"and\\", "ÅÉ", "\u{202e}gnol", "x"];
    let read = class(Category::Write);
    let recommendation = recommend_server(names.iter().map(|name| (*name, &read)));
    let policy = compiled(&recommendation.text().unwrap());
    for denied in ["line\nbreak", "*", "get_*", "get_secret", "a?", "ab", &long, "other"] {
        assert!(matches!(decide(&policy, denied), Decision::Deny(_)), "{denied}");
    }
    for allowed in ["quote\"and\\", "ÅÉ", "\u{202e}gnol", "x"] {
        assert!(matches!(decide(&policy, allowed), Decision::Permit(_)), "{allowed}");
    }
    assert_eq!(recommendation.reasons.len(), names.len());
}

#[test]
fn of_two_tools_with_one_name_the_first_counts() {
    let (read, wipe) = (class(Category::Read), class(Category::Destructive));
    let recommendation = recommend_server([("x", &wipe), ("x", &read)]);
    assert_eq!(effect(&compiled(&recommendation.text().unwrap()), "x"), "(hidden)");
}

#[test]
fn many_tools_fit_and_too_many_are_told() {
    let write = class(Category::Write);
    let names: Vec<String> = (0..20_000).map(|number| format!("change_number_{number}")).collect();
    let fits = recommend_server(names.iter().take(1_500).map(|name| (name.as_str(), &write)));
    compiled(&fits.text().unwrap());
    assert!(recommend_server(names.iter().map(|name| (name.as_str(), &write))).text().is_none());
}

#[test]
fn the_three_tools_with_pages_get_the_documents_on_them() {
    let pages = [
        ("BinanceDeliveryCloseListenKey", "Close a COIN-M Futures user data stream listen key.", Some(60)),
        (
            "BinanceFuturesCloseListenKey",
            "Close a USD-M Futures user data stream listen key. This invalidates the listen key and closes the \
             associated WebSocket stream.",
            Some(30),
        ),
        ("cleanup_all_streams", "Close all active WebSocket connections and clean up resources.", None),
    ];
    for (name, description, max) in pages {
        let definition = Definition { name, description: Some(description), ..Definition::default() };
        let class = classify(&definition, &Server { name: Some("Binance MCP Server") });
        let rule = max.map_or(serde_json::json!({}), |max| {
            let counter = format!("{}_rate", name.to_lowercase());
            serde_json::json!({"limits": [{"counter": counter, "window": "minute", "max": max, "scope": "grant"}]})
        });
        let expected = serde_json::json!({"version": "1", "default": "deny", "tools": {name: rule}});
        assert_eq!(serde_json::to_value(recommend(name, &class)).unwrap(), expected, "{class:?}");
    }
}
