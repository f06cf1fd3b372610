//! Blocks of JSON: each is a policy, its cases, the settings of a client, or a list of tools.

use std::collections::HashMap;

use policy::{Cases, Policy};
use serde_json::Value;

use super::fences::{Fence, fences, pages};
use super::settings;

/// How many there were.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) policies: usize,
    pub(super) cases: usize,
    pub(super) clients: usize,
}

/// Checks them all.
pub(super) fn check() -> Counted {
    let mut counted = Counted::default();
    for page in pages() {
        let mut policies = HashMap::new();
        for fence in fences(&page).iter().filter(|fence| fence.language == "json") {
            check_one(fence, &mut policies, &mut counted);
        }
    }
    counted
}

fn check_one(fence: &Fence, policies: &mut HashMap<String, Policy>, counted: &mut Counted) {
    let Fence { at, name, text, .. } = fence;
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{at}: {error}"));
    if let Some(stem) = name.strip_suffix(".cases.json") {
        let policy =
            policies.get(stem).unwrap_or_else(|| panic!("{at}: no policy {stem} before these cases"));
        let cases = Cases::read(text.as_bytes()).unwrap_or_else(|problems| panic!("{at}: {problems:#?}"));
        for case in cases.run(policy) {
            assert!(case.passed, "{at}: {case:#?}");
            counted.cases += 1;
        }
    } else if value.get("version").is_some() && value.get("default").is_some() {
        let compiled =
            Policy::compile(text.as_bytes()).unwrap_or_else(|problems| panic!("{at}: {problems:#?}"));
        assert!(compiled.warnings.is_empty(), "{at}: {:#?}", compiled.warnings);
        policies.insert(name.trim_end_matches(".json").to_owned(), compiled.policy);
        counted.policies += 1;
    } else if let Some(tools) = value.get("tools").and_then(Value::as_array) {
        assert!(tools.iter().all(|tool| tool["name"].is_string() && tool["inputSchema"].is_object()), "{at}");
    } else {
        settings::check(at, name, &value);
        counted.clients += 1;
    }
}
