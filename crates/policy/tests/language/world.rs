//! A call and a context with little to say, and one way to judge them.

use std::collections::BTreeMap;

use policy::{
    Amount, Call, Category, Charge, Client, Context, Decision, Denial, Identity, Permit, Policy, Subject,
};

/// 2026-01-01 00:00:00 UTC, a Thursday.
pub(crate) const NEW_YEAR: i64 = 1_767_225_600_000;

static NO_LABELS: BTreeMap<String, String> = BTreeMap::new();

pub(crate) fn compile(document: &str) -> Policy {
    match Policy::compile(document.as_bytes()) {
        Ok(compiled) => compiled.policy,
        Err(problems) => panic!("{document} does not compile: {problems:#?}"),
    }
}

/// A document with this body after `version`.
pub(crate) fn document(body: &str) -> String {
    format!(r#"{{"version": "1", {body}}}"#)
}

/// A policy that denies by default and has one rule for `pay`.
pub(crate) fn pay(rule: &str) -> Policy {
    compile(&document(&format!(r#""default": "deny", "tools": {{"pay": {rule}}}"#)))
}

pub(crate) fn context() -> Context<'static> {
    Context {
        time_ms: NEW_YEAR,
        enabled: true,
        definition_changed: false,
        org: "acme",
        team: "payments",
        team_id: "team_1",
        server: "srv_1",
        grant: "grant_1",
        session: "s1",
        identity: Identity { id: "idn_1", kind: "agent", label: "bot", email: None, labels: &NO_LABELS },
        client: Some(Client { name: "probe", version: "1.2" }),
        category: None,
        risk: None,
        annotations: None,
        approved: false,
    }
}

pub(crate) fn call<'a>(name: &'a str, arguments: &'a str) -> Call<'a> {
    Call { subject: Subject::Tool, name, arguments: Some(arguments) }
}

pub(crate) fn of_category(category: Category) -> Context<'static> {
    Context { category: Some(category), ..context() }
}

/// The rule that refuses, or nothing when the call is permitted.
pub(crate) fn rule(decision: &Decision) -> &str {
    match decision {
        Decision::Permit(_) => "",
        Decision::Deny(denial) => &denial.rule,
    }
}

pub(crate) fn permit(policy: &Policy, call: &Call<'_>, context: &Context<'_>) -> Permit {
    match policy::decide(Some(policy), call, context) {
        Decision::Permit(permit) => permit,
        Decision::Deny(denial) => panic!("{call:?} is denied: {denial:?}"),
    }
}

pub(crate) fn denial(policy: &Policy, call: &Call<'_>, context: &Context<'_>) -> Denial {
    match policy::decide(Some(policy), call, context) {
        Decision::Permit(_) => panic!("{call:?} is permitted"),
        Decision::Deny(denial) => denial,
    }
}

/// What a call of `pay` with these arguments is charged.
pub(crate) fn charges(policy: &Policy, arguments: &str) -> Vec<Charge> {
    permit(policy, &call("pay", arguments), &context()).charges().to_vec()
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}
