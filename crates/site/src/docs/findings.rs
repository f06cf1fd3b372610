//! What can be found in a policy or in its cases, each shown by a small document that has it. What is said of it are the engine's own words.

use policy::{Cases, Category, Policy, Problem, ToolFacts};
use serde::Serialize;

/// A finding.
#[derive(Serialize)]
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) severity: &'static str,
    /// What is said of the example.
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// A document that has it.
    pub(super) example: &'static str,
}

/// Where a finding is looked for.
#[derive(Clone, Copy)]
enum In {
    Policy,
    /// In a policy, beside the server's tools.
    Tools,
    Cases,
}

/// The server that policies are held against.
const TOOLS: [ToolFacts<'static>; 2] = [
    ToolFacts {
        name: "search",
        category: Some(Category::Read),
        input_schema: Some(
            r#"{"type": "object", "properties": {"query": {"type": "string"}, "limit": {"type": "integer"}}, "required": ["query"]}"#,
        ),
    },
    ToolFacts { name: "erase", category: Some(Category::Destructive), input_schema: None },
];

const EXAMPLES: &[(&str, In, &str)] = &[
    ("syntax", In::Policy, r#"{"version": "1", "default": "deny",}"#),
    ("duplicate_key", In::Policy, r#"{"version": "1", "default": "deny", "default": "allow"}"#),
    ("unknown_field", In::Policy, r#"{"version": "1", "default": "deny", "tool": {}}"#),
    ("missing_field", In::Policy, r#"{"version": "1"}"#),
    ("wrong_type", In::Policy, r#"{"version": "1", "default": "deny", "hide": "debug"}"#),
    ("unknown_value", In::Policy, r#"{"version": "1", "default": "dney"}"#),
    ("invalid_pattern", In::Policy, r#"{"version": "1", "default": "deny", "hide": [""]}"#),
    (
        "invalid_path",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "arg.a", "op": "exists"}], "on_deny": "No."}]}}}"#,
    ),
    (
        "invalid_regex",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "args.a", "op": "regex", "value": "("}], "on_deny": "No."}]}}}"#,
    ),
    (
        "mixed_condition",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "args.a", "op": "exists", "not": {"path": "args.b", "op": "exists"}}], "on_deny": "No."}]}}}"#,
    ),
    (
        "unknown_operator",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "args.a", "op": "ge", "value": 1}], "on_deny": "No."}]}}}"#,
    ),
    (
        "invalid_number",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "args.a", "op": "gt", "value": 1e9999999999999999999999999999999999999999}], "on_deny": "No."}]}}}"#,
    ),
    (
        "invalid_max",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": -1, "scope": "org"}]}}}"#,
    ),
    (
        "invalid_window",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": 0, "max": 1, "scope": "org"}]}}}"#,
    ),
    (
        "invalid_amount",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 9, "scope": "org", "increment": -1}]}}}"#,
    ),
    (
        "invalid_quorum",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"approval": {"quorum": 3}}}}"#,
    ),
    (
        "invalid_duration",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"approval": {"expires_in": 0}}}}"#,
    ),
    (
        "empty_counter",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": " ", "window": "day", "max": 1, "scope": "org"}]}}}"#,
    ),
    (
        "invalid_counter",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "a\u0007", "window": "day", "max": 1, "scope": "org"}]}}}"#,
    ),
    (
        "counter_windows",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 9, "scope": "org"}, {"counter": "c", "window": "hour", "max": 1, "scope": "org"}]}}}"#,
    ),
    (
        "invalid_increment",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 9, "scope": "org", "increment_from": "time.hour"}]}}}"#,
    ),
    (
        "conflicting_fields",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 9, "scope": "org", "increment": 2, "increment_from": "args.n"}]}}}"#,
    ),
    (
        "never_fits",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"limits": [{"counter": "c", "window": "day", "max": 1, "scope": "org", "increment": 2}]}}}"#,
    ),
    (
        "never_matches",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"any": []}], "on_deny": "No."}]}}}"#,
    ),
    (
        "no_effect",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"all": []}], "on_deny": "No."}]}}}"#,
    ),
    (
        "empty_message",
        In::Policy,
        r#"{"version": "1", "default": "allow", "tools": {"t": {"deny_if": [{"conditions": [{"path": "args.a", "op": "exists"}], "on_deny": ""}]}}}"#,
    ),
    (
        "shadowed",
        In::Policy,
        r#"{"version": "1", "default": "allow", "hide": ["t"], "tools": {"t": {"action": "require_approval"}}}"#,
    ),
    ("unknown_tool", In::Tools, r#"{"version": "1", "default": "deny", "tools": {"serach": {}}}"#),
    ("unguarded_tool", In::Tools, r#"{"version": "1", "default": "allow"}"#),
    (
        "string_as_number",
        In::Tools,
        r#"{"version": "1", "default": "deny", "tools": {"search": {"require": [{"conditions": [{"path": "args.query", "op": "lt", "value": 5}], "on_deny": "No."}]}}}"#,
    ),
    (
        "optional_argument",
        In::Tools,
        r#"{"version": "1", "default": "deny", "tools": {"search": {"deny_if": [{"conditions": [{"path": "args.limit", "op": "gt", "value": 50}], "on_deny": "At most 50."}]}}}"#,
    ),
    ("empty_name", In::Cases, r#"[{"name": "", "call": {"tool": "t"}, "expect": {"outcome": "allow"}}]"#),
    (
        "duplicate_case",
        In::Cases,
        r#"[{"name": "a", "call": {"tool": "t"}, "expect": {"outcome": "allow"}}, {"name": "a", "call": {"tool": "t"}, "expect": {"outcome": "deny"}}]"#,
    ),
    (
        "invalid_time",
        In::Cases,
        r#"[{"name": "a", "call": {"tool": "t"}, "context": {"time": "noon"}, "expect": {"outcome": "allow"}}]"#,
    ),
    (
        "invalid_repeat",
        In::Cases,
        r#"[{"name": "a", "call": {"tool": "t"}, "context": {"prior": [{"tool": "t", "repeat": 0}]}, "expect": {"outcome": "allow"}}]"#,
    ),
    (
        "too_many_calls",
        In::Cases,
        r#"[{"name": "a", "call": {"tool": "t"}, "context": {"prior": [{"tool": "t", "repeat": 10000}, {"tool": "t", "repeat": 10000}]}, "expect": {"outcome": "allow"}}]"#,
    ),
];

/// Documents that cannot be shown.
const UNSHOWN: &[(&str, &str)] = &[
    ("invalid_utf8", "The document is no UTF-8."),
    ("too_large", "The document has more than 256 KiB."),
    ("too_deep", "The document is nested deeper than 32 levels."),
    ("too_many_globs", "There are more names with `*` or `?` than are looked through at each call."),
    ("too_many_limits", "More than 16 limits can apply to one call."),
];

/// All of them, errors first.
pub(super) fn all() -> Vec<Finding> {
    let shown = EXAMPLES.iter().filter_map(|(code, place, example)| {
        let problem = found(*place, example).into_iter().find(|problem| problem.code == *code)?;
        let severity = problem.severity.as_str();
        Some(Finding { code, severity, message: problem.message, hint: problem.hint, example })
    });
    let large = UNSHOWN.iter().map(|(code, message)| Finding {
        code,
        severity: "error",
        message: (*message).to_owned(),
        hint: None,
        example: "",
    });
    let mut all: Vec<Finding> = shown.chain(large).collect();
    all.sort_by_key(|finding| finding.severity != "error");
    all
}

fn found(place: In, example: &str) -> Vec<Problem> {
    match place {
        In::Cases => Cases::read(example.as_bytes()).err().unwrap_or_default(),
        In::Policy => match Policy::compile(example.as_bytes()) {
            Ok(compiled) => compiled.warnings,
            Err(problems) => problems,
        },
        In::Tools => Policy::compile(example.as_bytes())
            .map(|compiled| compiled.policy.lint(&TOOLS))
            .unwrap_or_else(|problems| problems),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn every_example_has_what_it_is_an_example_of() {
        let found = EXAMPLES.iter().map(|(code, place, example)| {
            (*code, found(*place, example).iter().map(|problem| problem.code).collect::<Vec<_>>())
        });
        let wrong: Vec<_> = found.filter(|(code, codes)| !codes.contains(code)).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Codes stand in the sources where findings are made; they begin with what is wrong, or stand in the first place of a call.
    #[test]
    fn every_code_in_the_language_s_sources_is_here() {
        const FAMILIES: [&str; 11] = [
            "invalid_",
            "unknown_",
            "too_",
            "empty_",
            "duplicate_",
            "missing_",
            "never_",
            "no_",
            "wrong_",
            "conflicting_",
            "mixed_",
        ];
        const CALLS: [&str; 5] = [".error(", ".warn(", "warning(", "whole(", "code:"];
        let known: BTreeSet<&str> =
            EXAMPLES.iter().map(|one| one.0).chain(UNSHOWN.iter().map(|one| one.0)).collect();
        let (mut seen, mut unknown) = (0, BTreeSet::new());
        for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/src")) {
            let text: String = std::fs::read_to_string(file).unwrap().split_whitespace().collect();
            let mut before = "";
            for (index, piece) in text.split('"').enumerate() {
                let plain = piece.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                let code = index % 2 == 1 && plain && !piece.ends_with('_');
                let named = FAMILIES.iter().any(|family| piece.starts_with(family))
                    || CALLS.iter().any(|call| before.ends_with(call));
                if code && named {
                    seen += 1;
                    if !known.contains(piece) {
                        unknown.insert(piece.to_owned());
                    }
                }
                before = piece;
            }
        }
        assert!(unknown.is_empty(), "without an example: {unknown:?}");
        assert!(seen > 50, "{seen}");
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files.extend(sources(&path));
            } else if !path.ends_with("tests.rs") {
                files.push(path);
            }
        }
        files
    }
}
