//! Any bytes as a call, under policies that use the whole language: the answer is always the same, a trace tells it, and
//! what a list does not show is refused.
//!
//! The first four bytes choose policy and context, up to the next zero is the name, the rest are the arguments.
#![no_main]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fuzz::bounded;
use libfuzzer_sys::fuzz_target;
use policy::{
    Call, Category, Client, Context, Decision, Identity, Outcome, Policy, Subject, Trial, check_object,
    decide, explain,
};

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    let documents: [&[u8]; 3] = [
        include_bytes!("../policies/language.json"),
        include_bytes!("../policies/bombs.json"),
        include_bytes!("../../docs/examples/everything.json"),
    ];
    documents.map(|document| Policy::compile(document).expect("these compile").policy).into()
});

const CATEGORIES: [Option<Category>; 7] = [
    None,
    Some(Category::Read),
    Some(Category::Write),
    Some(Category::Execute),
    Some(Category::Destructive),
    Some(Category::Financial),
    Some(Category::Other),
];
const SUBJECTS: [Subject; 3] = [Subject::Tool, Subject::Prompt, Subject::Resource];
/// Moments that a month, a leap day or the calendar ends at, or that no calendar has.
const TIMES: [i64; 8] =
    [0, -1, 951_782_399_999, 951_868_800_000, 1_767_225_600_000, 4_107_542_399_999, i64::MIN, i64::MAX];
const DEPTH: usize = 64;

fuzz_target!(|input: &[u8]| bounded(|| check(input)));

fn check(input: &[u8]) {
    let Some(([which, kind, class, time], rest)) = input.split_first_chunk() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let (name, arguments) = match text.split_once('\0') {
        Some((name, arguments)) => (name, Some(arguments)),
        None => (text, None),
    };
    let policy = pick(&POLICIES, *which);
    let subject = *pick(&SUBJECTS, *kind);
    let category = if subject == Subject::Tool { *pick(&CATEGORIES, *class) } else { None };
    let labels = BTreeMap::from([("k".to_owned(), name.to_owned())]);
    let context = Context {
        time_ms: *pick(&TIMES, *time),
        enabled: true,
        definition_changed: false,
        org: "org",
        team: "team",
        team_id: "team_1",
        server: "server",
        grant: "grant",
        session: "session",
        identity: Identity {
            id: "id",
            kind: "agent",
            label: name,
            email: (class % 2 == 0).then_some("a@example.com"),
            labels: &labels,
        },
        client: (time % 2 == 0).then_some(Client { name, version: "1" }),
        category,
        risk: category.map(Category::risk),
        annotations: arguments.filter(|_| kind % 2 == 0),
        approved: which % 2 == 0,
    };
    let call = Call { subject, name, arguments };
    let (once, twice) = (decide(Some(policy), &call, &context), decide(Some(policy), &call, &context));
    let (rule, message) = told(&once);
    assert_eq!((rule, message), told(&twice));
    let trace = explain(Some(policy), &call, &context);
    let outcome = if rule.is_empty() { Outcome::Allow } else { Outcome::Deny };
    assert_eq!((trace.outcome, &*trace.rule, &*trace.message), (outcome, rule, message));
    let unlisted = matches!(rule, "(hidden)" | "(default deny)");
    assert_eq!(policy.lists(subject, name, category), !unlisted, "{rule}");
    if let Decision::Permit(permit) = &once {
        // What the gateway lets in is an object without twice the same key; a limit took its amount from it exactly.
        let well_formed = arguments.is_none_or(|arguments| check_object(arguments, DEPTH).is_ok());
        assert!(permit.charges().len() <= 16);
        assert!(well_formed || permit.charges().iter().all(|charge| charge.amount.parts().1 < 1_000_000_000));
    }
    if let Some(Ok(trial)) = arguments.map(|arguments| Trial::read(arguments.as_bytes())) {
        assert_eq!(trial.run(policy, true), trial.run(policy, true));
    }
}

/// The rule and the message of a refusal; nothing when there is none.
fn told(decision: &Decision) -> (&str, &str) {
    match decision {
        Decision::Permit(_) => ("", ""),
        Decision::Deny(denial) => (&denial.rule, &denial.message),
    }
}

fn pick<T>(among: &[T], byte: u8) -> &T {
    &among[usize::from(byte) % among.len()]
}
