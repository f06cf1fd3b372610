//! Random calls in the order of time, close to the edges of windows.

use std::collections::BTreeMap;

use super::documents::{argument, members};
use super::random::Random;
use super::situation::{Kind, Situation};
use super::words::NUMBERS;

const TOOLS: &[&str] =
    &["pay", "pay", "pay_out", "pay_in", "payment", "read", "delete_user", "pä", "p/a~y", "x"];
const PROMPTS: &[&str] = &["pay", "pay_out", "read", "other"];
const RESOURCES: &[&str] = &["file:///a/b", "http://x/~y", "file:///c", "b"];
const STEPS: &[i64] = &[
    0,
    0,
    0,
    1,
    16,
    17,
    18,
    500,
    999,
    1000,
    1001,
    6_999,
    7_000,
    59_999,
    60_000,
    61_000,
    61_001,
    90_000,
    3_600_000,
    3_660_000,
    86_400_000,
    87_840_000,
    604_800_000,
    2_678_400_000,
];
/// Where to start from: 1970, the ends of a year, of months, of a February with and without a leap day, of a week.
const EDGES: &[i64] = &[
    0,
    1_767_225_600_000,
    1_772_323_200_000,
    1_709_164_800_000,
    1_709_251_200_000,
    951_782_400_000,
    951_868_800_000,
    4_107_542_400_000,
    1_767_571_200_000,
    1_769_904_000_000,
    1_835_395_200_000,
];
/// Spans whose boundaries calls jump to.
const SPANS: &[i64] = &[1_000, 7_000, 60_000, 90_000, 3_600_000, 86_400_000, 604_800_000];

/// One case's calls.
pub(crate) fn calls(random: &mut Random, count: usize) -> Vec<Situation> {
    let mut time = random.pick(EDGES) + random.below(3) as i64;
    if time > 2 && random.once_in(2) {
        time -= random.pick(&[1, 2, 1000, 60_000]).min(time);
    }
    let mut calls: Vec<Situation> = Vec::new();
    for _ in 0..count {
        let again = calls.last().cloned().filter(|_| !random.once_in(3));
        calls.push(match again {
            Some(before) => repeated(random, before, time),
            None => call(random, time),
        });
        time += random.pick(STEPS);
        if random.once_in(6) {
            let span = random.pick(SPANS);
            time += span - time % span - random.below(2) as i64;
        }
    }
    calls
}

/// The same call again, or nearly.
fn repeated(random: &mut Random, before: Situation, time: i64) -> Situation {
    let mut call = Situation { time, ..before };
    if random.once_in(3) {
        call.arguments = Some(arguments(random));
    }
    if random.once_in(6) {
        call.session = random.pick(&["s1", "s2"]);
        call.identity = random.pick(&["i1", "i2"]);
    }
    call
}

fn call(random: &mut Random, time: i64) -> Situation {
    let (kind, mut name) = match random.below(8) {
        0 => (Kind::Prompt, random.pick(PROMPTS).to_owned()),
        1 => (Kind::Resource, random.pick(RESOURCES).to_owned()),
        _ => (Kind::Tool, random.pick(TOOLS).to_owned()),
    };
    if random.once_in(500) {
        name = "p".repeat(random.pick(&[4096, 4097, 5000]));
    }
    let mut labels = BTreeMap::new();
    for key in ["k", "a.b"] {
        if random.once_in(2) {
            labels.insert(key.to_owned(), random.pick(&["v", "b", ""]).to_owned());
        }
    }
    let category = random.pick(&[
        None,
        Some("read"),
        Some("write"),
        Some("execute"),
        Some("destructive"),
        Some("financial"),
        Some("other"),
    ]);
    Situation {
        kind,
        name,
        arguments: (!random.once_in(12)).then(|| arguments(random)),
        has_policy: !random.once_in(300),
        enabled: !random.once_in(100),
        definition_changed: random.once_in(60),
        time,
        org: random.pick(&["acme", "acme", "acme", "other"]),
        team: random.pick(&["payments", "b"]),
        team_id: random.pick(&["t1", "t1", "t2"]),
        server: random.pick(&["srv", "srv", "srv2"]),
        grant: random.pick(&["g1", "g1", "g2"]),
        session: random.pick(&["s1", "s1", "s2"]),
        identity: random.pick(&["i1", "i1", "i2"]),
        identity_kind: random.pick(&["agent", "person", "service"]),
        label: random.pick(&["bot", "b", "5"]),
        email: random.pick(&[None, Some("a@b.c")]),
        labels,
        client: random.pick(&[None, Some(("claude", "1.0")), Some(("b", ""))]),
        category: if kind == Kind::Tool { category } else { None },
        risk: random.pick(&[None, Some("low"), Some("critical")]),
        annotations: random.pick(&[
            None,
            Some(r#"{"k": "v", "destructiveHint": true}"#),
            Some(r#"{"k": null}"#),
            Some(r#"{"k": 5, "destructiveHint": "b"}"#),
        ]),
    }
}

fn arguments(random: &mut Random) -> String {
    let mut all = vec![members(random, 2)];
    if random.once_in(2) {
        all.push(format!("\"l\": [{}]", random.several(3, |random| argument(random, 2))));
    }
    if random.once_in(4) {
        all.push(format!(
            "\"m\": [{}]",
            random.several(2, |random| { format!("[{}]", random.several(3, |random| argument(random, 0))) })
        ));
    }
    if random.once_in(2) {
        let sum = if random.once_in(6) { argument(random, 1) } else { random.pick(NUMBERS).to_owned() };
        all.push(format!("\"sum\": {sum}"));
    }
    all.retain(|part| !part.is_empty());
    format!("{{{}}}", all.join(", "))
}
