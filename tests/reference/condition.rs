//! Paths and conditions, evaluated by looking.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use regex::Regex;

use super::decimal::{Decimal, spelled};
use super::json::Json;
use super::situation::Situation;
use super::time;

/// What a condition says of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// A wrong type was met: the call is refused whatever the condition is used for.
    Refuse,
}

/// What is found at the end of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Missing,
    Value(Json),
    Wrong,
}

fn of(holds: bool) -> Answer {
    if holds { Answer::Yes } else { Answer::No }
}

/// Whether all of these hold; a wrong type in any of them refuses.
pub(crate) fn all(conditions: &[Json], call: &Situation, arguments: &Json) -> Answer {
    let answers: Vec<Answer> = conditions.iter().map(|one| ask(one, call, arguments)).collect();
    if answers.contains(&Answer::Refuse) {
        return Answer::Refuse;
    }
    of(!answers.contains(&Answer::No))
}

fn ask(condition: &Json, call: &Situation, arguments: &Json) -> Answer {
    if let Some(parts) = condition.get("all") {
        return all(parts.elements(), call, arguments);
    }
    if let Some(parts) = condition.get("any") {
        return any(parts.elements().iter().map(|one| ask(one, call, arguments)).collect());
    }
    if let Some(inner) = condition.get("not") {
        return match ask(inner, call, arguments) {
            Answer::Yes => Answer::No,
            Answer::No => Answer::Yes,
            Answer::Refuse => Answer::Refuse,
        };
    }
    let operator = condition.text("op").unwrap_or_default();
    let path = condition.text("path").unwrap_or_default();
    let value = condition.get("value").unwrap_or(&Json::Null);
    let leaves = leaves(path, value, call, arguments);
    any(leaves.iter().map(|leaf| test(operator, leaf, value)).collect())
}

/// Whether any of these holds; a wrong type in any of them refuses.
fn any(answers: Vec<Answer>) -> Answer {
    if answers.contains(&Answer::Refuse) {
        return Answer::Refuse;
    }
    of(answers.contains(&Answer::Yes))
}

fn test(operator: &str, leaf: &Leaf, value: &Json) -> Answer {
    let found = match leaf {
        Leaf::Wrong => return Answer::Refuse,
        Leaf::Missing => None,
        Leaf::Value(found) => Some(found),
    };
    if operator == "exists" {
        return of(found.is_some() == (*value != Json::Bool(false)));
    }
    let Some(found) = found else { return of(matches!(operator, "neq" | "not_in")) };
    let negated = |answer: Answer| match answer {
        Answer::Yes => Answer::No,
        Answer::No => Answer::Yes,
        Answer::Refuse => Answer::Refuse,
    };
    match (operator, found, value) {
        ("eq", _, _) => equal(found, value),
        ("neq", _, _) => negated(equal(found, value)),
        ("in", _, _) => listed(found, value.elements()),
        ("not_in", _, _) => negated(listed(found, value.elements())),
        ("lt" | "lte" | "gt" | "gte", Json::Number(left), Json::Number(right)) => {
            let (Some(left), Some(right)) = (Decimal::parse(left), Decimal::parse(right)) else {
                return Answer::Refuse;
            };
            of(match left.compare(&right) {
                Ordering::Less => operator.starts_with('l'),
                Ordering::Equal => operator.ends_with('e'),
                Ordering::Greater => operator.starts_with('g'),
            })
        }
        ("regex", Json::Text(text), Json::Text(pattern)) => matches_regex(pattern, text),
        ("contains", Json::Text(text), Json::Text(part)) => of(text.contains(part.as_str())),
        ("starts_with", Json::Text(text), Json::Text(part)) => of(text.starts_with(part.as_str())),
        ("ends_with", Json::Text(text), Json::Text(part)) => of(text.ends_with(part.as_str())),
        _ => Answer::Refuse,
    }
}

fn matches_regex(pattern: &str, text: &str) -> Answer {
    thread_local! {
        static BUILT: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    }
    BUILT.with_borrow_mut(|built| {
        let regex = built.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).ok());
        regex.as_ref().map_or(Answer::Refuse, |regex| of(regex.is_match(text)))
    })
}

/// Whoever lists a number and its spelling means both; else the spelling alone refuses.
fn listed(found: &Json, values: &[Json]) -> Answer {
    let answers: Vec<Answer> = values.iter().map(|value| equal(found, value)).collect();
    if answers.contains(&Answer::Yes) {
        return Answer::Yes;
    }
    if answers.contains(&Answer::Refuse) { Answer::Refuse } else { Answer::No }
}

/// Equality by type and value; a number beside a string that spells it refuses.
fn equal(left: &Json, right: &Json) -> Answer {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => match (Decimal::parse(left), Decimal::parse(right)) {
            (Some(left), Some(right)) => of(left == right),
            _ => Answer::Refuse,
        },
        (Json::Number(number), Json::Text(text)) | (Json::Text(text), Json::Number(number)) => {
            match (Decimal::parse(number), spelled(text)) {
                (Some(number), Some(text)) if number == text => Answer::Refuse,
                _ => Answer::No,
            }
        }
        (Json::List(left), Json::List(right)) => {
            if left.len() != right.len() {
                return Answer::No;
            }
            each(left.iter().zip(right).map(|(left, right)| equal(left, right)).collect())
        }
        (Json::Object(left), Json::Object(_)) => {
            if left.len() != right.members().len() {
                return Answer::No;
            }
            each(
                left.iter()
                    .map(|(key, left)| right.get(key).map_or(Answer::No, |right| equal(left, right)))
                    .collect(),
            )
        }
        _ => of(left == right),
    }
}

fn each(answers: Vec<Answer>) -> Answer {
    if answers.contains(&Answer::No) {
        return Answer::No;
    }
    if answers.contains(&Answer::Refuse) { Answer::Refuse } else { Answer::Yes }
}

/// Everything that a path leads to: one thing, or with `[*]` as many as there are.
pub(crate) fn leaves(path: &str, value: &Json, call: &Situation, arguments: &Json) -> Vec<Leaf> {
    let known = |text: &str| Leaf::Value(Json::Text(text.to_owned()));
    let maybe = |text: Option<&str>| text.map_or(Leaf::Missing, known);
    let number = |number: i64| Leaf::Value(Json::Number(number.to_string()));
    if let Some(key) = path.strip_prefix("identity.labels.") {
        return vec![maybe(call.labels.get(key).map(String::as_str))];
    }
    if let Some(key) = path.strip_prefix("tool.annotations.") {
        let annotations = call.annotations.and_then(Json::parse).unwrap_or(Json::Null);
        return vec![present(annotations.get(key).cloned().unwrap_or(Json::Null))];
    }
    if let Some(steps) = path.strip_prefix("args") {
        let mut found = Vec::new();
        walk(steps, arguments.clone(), &mut found);
        return found;
    }
    let (weekday, name) = time::day_of_week(call.time);
    let wants_number = match value {
        Json::List(values) => matches!(values.first(), Some(Json::Number(_))),
        value => matches!(value, Json::Number(_)),
    };
    vec![match path {
        "identity.id" => known(call.identity),
        "identity.kind" => known(call.identity_kind),
        "identity.label" => known(call.label),
        "identity.email" => maybe(call.email),
        "team.slug" => known(call.team),
        "client.name" => maybe(call.client.map(|(name, _)| name)),
        "client.version" => maybe(call.client.map(|(_, version)| version)),
        "tool.name" => known(&call.name),
        "tool.category" => maybe(call.category),
        "tool.risk" => maybe(call.risk),
        "session.id" => known(call.session),
        "time.hour" => number(time::hour(call.time)),
        "time.weekday" if wants_number => number(weekday),
        "time.weekday" => known(name),
        _ => Leaf::Wrong,
    }]
}

fn present(value: Json) -> Leaf {
    if value == Json::Null { Leaf::Missing } else { Leaf::Value(value) }
}

fn walk(steps: &str, value: Json, found: &mut Vec<Leaf>) {
    if steps.is_empty() || value == Json::Null {
        found.push(present(value));
    } else if let Some(steps) = steps.strip_prefix("[*]") {
        match value {
            Json::List(elements) => elements.into_iter().for_each(|element| walk(steps, element, found)),
            _ => found.push(Leaf::Wrong),
        }
    } else if let Some((index, steps)) = steps.strip_prefix('[').and_then(|steps| steps.split_once(']')) {
        match (value, index.parse::<usize>()) {
            (Json::List(elements), Ok(index)) => {
                walk(steps, elements.get(index).cloned().unwrap_or(Json::Null), found);
            }
            _ => found.push(Leaf::Wrong),
        }
    } else {
        let steps = steps.strip_prefix('.').unwrap_or(steps);
        let end = steps.find(['.', '[']).unwrap_or(steps.len());
        let (name, steps) = steps.split_at(end);
        let other_case = |key: &str| key != name && folded(key) == folded(name);
        match &value {
            Json::Object(members) if members.iter().any(|(key, _)| other_case(key)) => {
                found.push(Leaf::Wrong);
            }
            Json::Object(_) => walk(steps, value.get(name).cloned().unwrap_or(Json::Null), found),
            _ => found.push(Leaf::Wrong),
        }
    }
}

/// The same for texts that differ in upper and lower case alone.
fn folded(text: &str) -> String {
    text.to_uppercase().to_lowercase()
}
