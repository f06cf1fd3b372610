//! What one decision costs, under a policy of fifty rules and under one that names a thousand tools.

#![expect(clippy::panic, reason = "a benchmark of nothing is worse than none")]

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use policy::{Call, Category, Client, Context, Decision, Identity, Policy, Subject, decide};

/// What the product runs with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RULE: &str = r#"{
    "require": [{"conditions": [
        {"path": "args.amount", "op": "lte", "value": 500},
        {"path": "args.currency", "op": "in", "value": ["eur", "usd", "gbp"]}], "on_deny": "At most 500."}],
    "deny_if": [{"conditions": [{"path": "args.memo", "op": "regex", "value": "(?i)password|secret"}], "on_deny": "No secrets."}],
    "limits": [
        {"counter": "spend", "window": "day", "max": 5000, "scope": "grant", "increment_from": "args.amount"},
        {"counter": "calls", "window": "minute", "max": 60, "scope": "grant"}]}"#;
/// What most rules say: one condition and one limit.
const USUAL: &str = r#"{
    "require": [{"conditions": [{"path": "args.amount", "op": "lte", "value": 500}], "on_deny": "At most 500."}],
    "limits": [{"counter": "calls", "window": "minute", "max": 60, "scope": "grant"}]}"#;
const ARGUMENTS: &str = r#"{"amount": 12.50, "currency": "eur", "customer": "cus_81", "memo": "March invoice", "tags": ["a", "b"]}"#;

fn compile(tools: usize, globs: usize, rule: &str) -> Policy {
    let names = (0..tools).map(|i| format!(r#""tool_{i}": {rule}"#));
    // Globs with as few bytes as a thousand rules leave room for.
    let globs = (0..globs).map(|i| format!(r#""g{i}_*": {{}}"#));
    let rules: Vec<String> = names.chain(globs).collect();
    document(&rules)
}

fn document(rules: &[String]) -> Policy {
    let text = format!(
        r#"{{"version": "1", "default": "deny", "hide": ["internal_*"], "tools": {{{}}}}}"#,
        rules.join(",")
    );
    match Policy::compile(text.as_bytes()) {
        Ok(compiled) => compiled.policy,
        Err(problems) => panic!("{problems:?}"),
    }
}

fn bench(criterion: &mut Criterion, name: &str, policy: &Policy, tool: &str) {
    let labels = BTreeMap::new();
    let context = Context {
        time_ms: 1_767_225_600_000,
        enabled: true,
        definition_changed: false,
        org: "org_0198c0ffee00700080000000000000a1",
        team: "payments",
        team_id: "team_0198c0ffee00700080000000000000a2",
        server: "srv_0198c0ffee00700080000000000000a3",
        grant: "grant_0198c0ffee00700080000000000000a4",
        session: "sess_0198c0ffee00700080000000000000a5",
        identity: Identity {
            id: "idn_0198c0ffee00700080000000000000a6",
            kind: "agent",
            label: "bot",
            email: None,
            labels: &labels,
        },
        client: Some(Client { name: "probe", version: "1" }),
        category: Some(Category::Financial),
        risk: None,
        annotations: None,
        approved: false,
    };
    let call = Call { subject: Subject::Tool, name: tool, arguments: Some(ARGUMENTS) };
    assert!(matches!(decide(Some(policy), &call, &context), Decision::Permit(_)), "{tool} is permitted");
    criterion
        .bench_function(name, |b| b.iter(|| decide(Some(policy), black_box(&call), black_box(&context))));
}

fn decisions(criterion: &mut Criterion) {
    bench(criterion, "50 rules, a condition and a limit", &compile(40, 10, USUAL), "tool_20");
    bench(criterion, "50 rules, conditions and limits", &compile(40, 10, RULE), "tool_20");
    let thousand: Vec<String> = (0..1_000)
        .map(|i| format!(r#""tool_{i}": {{"limits": [{{"counter": "c{i}", "window": "minute", "max": 60, "scope": "grant"}}]}}"#))
        .collect();
    bench(criterion, "1,000 tools, one limit", &document(&thousand), "tool_777");
    let mut full = thousand;
    if let Some(rule) = full.get_mut(777) {
        *rule = format!(r#""tool_777": {RULE}"#);
    }
    bench(criterion, "1,000 tools, conditions and limits", &document(&full), "tool_777");
    bench(criterion, "1 tool, conditions and limits", &compile(1, 0, RULE), "tool_0");
    bench(criterion, "50 globs besides", &compile(1, 50, RULE), "tool_0");
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1))
        .sample_size(30);
    targets = decisions
}
criterion_main!(benches);
