//! Documents that the language refuses, made from good ones by one change; and changes that must not matter.

use policy::{Policy, Severity};

use super::json::Json;
use super::random::Random;

/// A piece of a good document, and what to put there so that it is none.
const CHANGES: &[(&str, &str)] = &[
    (r#""version": "1""#, r#""version": "2""#),
    (r#""version": "1""#, r#""version": 1"#),
    (r#""version": "1""#, r#""version": "1", "version": "1""#),
    (r#""version": "1""#, r#""version": "1", "policy": {}"#),
    (r#""version": "1""#, r#""version": "1", "description": 5"#),
    (r#""version": "1""#, r#""version": "1", "hide": "pay""#),
    (r#""version": "1""#, r#""versions": "1""#),
    (r#""default": ""#, r#""defualt": ""#),
    (r#""default": ""#, r#""default": "x"#),
    (r#""default": ""#, r#""default": true, "x": ""#),
    (r#""action": ""#, r#""action": "x"#),
    (r#""action": ""#, r#""Action": ""#),
    (r#""action": ""#, r#""action": "allow", "\u0061ction": ""#),
    (r#""reason": ""#, r#""reason": null, "because": ""#),
    (r#""require": ["#, r#""requires": ["#),
    (r#""require": ["#, r#""require": [5, "#),
    (r#""deny_if": ["#, r#""deny_when": ["#),
    (r#""deny_if": ["#, r#""deny_if": [{}, "#),
    (r#""conditions": ["#, r#""conditions": [{}, "#),
    (r#""conditions": ["#, r#""conditions": [true, "#),
    (r#""conditions": ["#, r#""conditions": [{"path": "args.a"}, "#),
    (r#""conditions": ["#, r#""conditions": [{"op": "exists"}, "#),
    (r#""conditions": ["#, r#""conditions": [{"path": "args.a", "op": "eq"}, "#),
    (r#""conditions": ["#, r#""conditions": [{"path": "args.a", "op": "lt", "value": "5"}, "#),
    (r#""conditions": ["#, r#""conditions": [{"path": "args.a", "op": "in", "value": 5}, "#),
    (r#""conditions": ["#, r#""conditions": [{"path": "args.a", "op": "regex", "value": 5}, "#),
    (r#""conditions": ["#, r#""conditions": [{"any": {}}, "#),
    (r#""conditions": ["#, r#""conditions": [{"not": []}, "#),
    (r#""conditions": ["#, r#""conditions": [{"any": [], "all": []}, "#),
    (r#""conditions": ["#, r#""conditions": [{"not": {"path": "args.a", "op": "exists"}, "op": "exists"}, "#),
    (r#""on_deny": ""#, r#""on_deny": "a", "on_deny": ""#),
    (r#""on_deny": ""#, r#""on_denied": ""#),
    (r#""op": ""#, r#""op": "x"#),
    (r#""op": "lt""#, r#""op": "<""#),
    (r#""op": "eq""#, r#""op": "EQ""#),
    (r#""op": "regex", "value": ""#, r#""op": "regex", "value": "("#),
    (r#""path": "args"#, r#""path": "argz"#),
    (r#""path": "args.a""#, r#""path": "args..a""#),
    (r#""path": "args.a""#, r#""path": "args.a[""#),
    (r#""path": "args.a""#, r#""path": "args.a[-1]""#),
    (r#""path": "args.a""#, r#""path": "args.a[x]""#),
    (r#""path": "args.a""#, r#""path": "args.a.""#),
    (r#""path": "args.a""#, r#""path": "time.minute""#),
    (r#""path": "args.a""#, r#""path": "identity""#),
    (r#""path": "args.a""#, r#""path": """#),
    (r#""counter": "c""#, r#""counter": """#),
    (r#""counter": "c""#, r#""counter": 5"#),
    (r#""counter": ""#, r#""name": ""#),
    (r#""window": ""#, r#""window": "x"#),
    (r#""window": 7"#, r#""window": -7"#),
    (r#""window": 7"#, r#""window": 7.5"#),
    (r#""window": 90"#, r#""window": 0"#),
    (r#""max": "#, r#""max": -7"#),
    (r#""max": "#, r#""max": "5", "maximum": "#),
    (r#""max": "#, r#""max": NaN, "x": "#),
    (r#""scope": ""#, r#""scope": "x"#),
    (r#""scope": ""#, r#""scopes": ""#),
    (r#""rolling": true"#, r#""rolling": 1"#),
    (r#""rolling": "#, r#""roling": "#),
    (r#""key": "args"#, r#""key": "arg"#),
    (r#""increment": "#, r#""increment": -1"#),
    (r#""increment_from": "args.sum""#, r#""increment_from": "identity.label""#),
    (r#""increment_from": "args.sum""#, r#""increment_from": "time.hour""#),
    (r#""on_outage": "allow""#, r#""on_outage": "ignore""#),
    (r#""quorum": 2"#, r#""quorum": 3"#),
    (r#""quorum": 2"#, r#""quorum": 0"#),
    (r#""approvers": "team""#, r#""approvers": "nobody""#),
    (r#""expires_in": 60"#, r#""expires_in": -60"#),
    (r#""rate_limit": {"#, r#""rate_limit": {"counter": "c", "#),
    (r#""rate_limit": {"#, r#""rate_limit": {"min": 1, "#),
    (r#""rules": {"#, r#""rule": {"#),
    (r#""hide": ["#, r#""hide": [5, "#),
    (r#""categories": {"#, r#""categories": {"dangerous": {}, "#),
];

/// Whether the engine takes a document.
pub(crate) fn accepted(document: &str) -> bool {
    match Policy::compile(document.as_bytes()) {
        Ok(_) => true,
        Err(problems) => !problems.iter().any(|problem| problem.severity == Severity::Error),
    }
}

/// A good document after one change that makes it none; nothing when the change finds no place.
pub(crate) fn changed(random: &mut Random, document: &Json) -> Option<String> {
    let text = document.to_string();
    let (from, to) = random.pick(CHANGES);
    let places: Vec<usize> = text.match_indices(from).map(|(place, _)| place).collect();
    if places.is_empty() {
        return None;
    }
    let (before, rest) = text.split_at(random.pick(&places));
    Some(format!("{before}{}", rest.replacen(from, to, 1)).replace(", }", "}").replace(", ]", "]"))
}

/// Makes one change to a good document.
///
/// # Errors
/// What became of a change that the engine judges otherwise than the language does.
pub(crate) fn check(random: &mut Random, document: &Json) -> Result<(), String> {
    let text = document.to_string();
    if let Some(changed) = changed(random, document)
        && accepted(&changed)
    {
        return Err(format!("accepted: {changed}"));
    }
    let end = text.chars().count() - 1;
    let cut: String = text.chars().take(random.below(end)).collect();
    for broken in [cut, format!("{text}x"), format!("{text}{text}"), format!("[{text}]")] {
        if accepted(&broken) {
            return Err(format!("accepted: {broken}"));
        }
    }
    let body = text.get(1..).unwrap_or_default();
    for same in [
        reversed(document).to_string(),
        format!("\n\t {text} \r\n"),
        format!(r#"{{"$schema": "s", "description": "d", {body}"#),
    ] {
        if !accepted(&same) {
            return Err(format!("not accepted: {same}"));
        }
    }
    Ok(())
}

/// The same with every object's members from the last to the first.
pub(crate) fn reversed(document: &Json) -> Json {
    match document {
        Json::Object(members) => {
            Json::Object(members.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
        }
        Json::List(elements) => Json::List(elements.iter().map(reversed).collect()),
        other => other.clone(),
    }
}
