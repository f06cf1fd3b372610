//! A document, calls and a history, all chosen by the input: the engine and its counters agree with the plain reading of the
//! language in `tests/reference`, which this target takes its modules from; a trace tells the decision; what is listed
//! is what may be called; the order of a document plays no part.
#![no_main]

#[path = "../../tests/reference/calls.rs"]
mod calls;
#[path = "../../tests/reference/condition.rs"]
mod condition;
#[path = "../../tests/reference/cut.rs"]
mod cut;
#[path = "../../tests/reference/decimal.rs"]
mod decimal;
#[path = "../../tests/reference/documents.rs"]
mod documents;
#[path = "../../tests/reference/engine.rs"]
mod engine;
#[path = "../../tests/reference/json.rs"]
mod json;
#[path = "../../tests/reference/judge.rs"]
mod judge;
#[path = "../../tests/reference/limit.rs"]
mod limit;
mod random;
#[path = "../../tests/reference/situation.rs"]
mod situation;
#[path = "../../tests/reference/time.rs"]
mod time;
#[path = "../../tests/reference/words.rs"]
mod words;

use counters::{Counters, Memory};
use fuzz::bounded;
use libfuzzer_sys::fuzz_target;
use policy::{Decision, Outcome, Policy, decide, explain};

use json::Json;
use limit::Spent;
use random::Random;
use situation::Situation;

/// Calls in a case.
const CALLS: usize = 12;

fuzz_target!(|input: &[u8]| bounded(|| check(input)));

fn check(input: &[u8]) {
    let mut random = Random::of(input);
    let text = documents::Writer::new(&mut random).document();
    let document = Json::parse(&text).expect("the writer writes JSON");
    let calls = calls::calls(&mut random, CALLS);
    let compiled = Policy::compile(text.as_bytes());
    let cut = compiled
        .as_ref()
        .is_err_and(|problems| problems.iter().any(|problem| problem.code == "counter_windows"));
    assert_eq!(cut, cut::clashes(&document), "one counter with two windows?\n{text}");
    let Ok(compiled) = compiled else { return };
    agrees(&document, &compiled.policy, &calls, &text);
    let turned = reversed(&document).to_string();
    let turned = Policy::compile(turned.as_bytes()).expect("order plays no part");
    agrees(&document, &turned.policy, &calls, &text);
}

fn agrees(document: &Json, policy: &Policy, calls: &[Situation], text: &str) {
    let counters = Counters::Memory(Memory::new());
    let mut history: Vec<Spent> = Vec::new();
    for call in calls {
        let expected = judge::judge(document, call, &history);
        let found = engine::answer(policy, call, &counters);
        let said = engine::disagreement(&expected, &found, policy, document, call);
        assert!(said.is_none(), "{said:?}\n{call:?}\n{text}");
        traced(policy, call, text);
        history.extend(expected.charges.into_iter().map(|charge| Spent { time: call.time, charge }));
    }
}

/// A decision is the same each time, and its trace tells it.
fn traced(policy: &Policy, call: &Situation, text: &str) {
    let (judged, context) = (engine::judged(call), engine::context(call));
    let policy = call.has_policy.then_some(policy);
    let told = |decision: Decision| match decision {
        Decision::Permit(permit) => (Outcome::Allow, String::new(), format!("{:?}", permit.charges())),
        Decision::Deny(denial) => (Outcome::Deny, denial.rule, denial.message),
    };
    let once = told(decide(policy, &judged, &context));
    assert_eq!(once, told(decide(policy, &judged, &context)), "{text}");
    let trace = explain(policy, &judged, &context);
    assert_eq!((trace.outcome, &trace.rule), (once.0, &once.1), "{call:?}\n{text}");
}

/// The same with every object's members from the last to the first.
fn reversed(document: &Json) -> Json {
    match document {
        Json::Object(members) => {
            Json::Object(members.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
        }
        Json::List(elements) => Json::List(elements.iter().map(reversed).collect()),
        other => other.clone(),
    }
}
