//! Conditions: which value goes with an operator, and with what a path leads to.

use serde_json::{Value, json};

use crate::read::condition::{KNOWN, NESTING, OPERATORS, Op, REGEX_LONGEST};
use crate::rule::path::WEEKDAYS;
use crate::{Category, Subject};

use super::path::{self, Leads};
use super::{named, object, part, reference, set};

/// Monday to Sunday.
const DAYS: std::ops::RangeInclusive<u8> = 1..=7;

pub(super) fn condition(subject: Subject) -> Value {
    let mut condition = object("condition", &KNOWN, &[], |field| match field {
        "path" => reference(&part(subject, "path")),
        "op" => named(&OPERATORS),
        "not" => reference(&part(subject, "condition")),
        "any" | "all" => reference(&part(subject, "conditions")),
        // `value`, of which the operator says more.
        _ => json!({}),
    });
    let test = json!({"required": ["path", "op"], "properties": NESTING.map(|name| (name.to_owned(), json!(false))).into_iter().collect::<serde_json::Map<_, _>>()});
    let nested = NESTING.map(|name| json!({"required": [name], "maxProperties": 1}));
    let forms: Vec<Value> = std::iter::once(test).chain(nested).collect();
    set(&mut condition, "oneOf", json!(forms));
    set(&mut condition, "allOf", json!(by_operator(subject)));
    condition
}

/// What an operator takes.
fn by_operator(subject: Subject) -> Vec<Value> {
    use Leads::{Anywhere, Category as Class, Hour, Text, Weekday};
    let numeric = |op: Op| matches!(op, Op::Number(_));
    let textual = |op: Op| matches!(op, Op::Regex | Op::Contains | Op::StartsWith | Op::EndsWith);
    let (equal, listed) =
        (|op: Op| matches!(op, Op::Eq | Op::Neq), |op: Op| matches!(op, Op::In | Op::NotIn));
    let valued = |op: Op| op != Op::Exists;
    let path = |leads: &[Leads]| json!({"path": path::leading(subject, leads)});
    let value = |schema: Value| json!({"value": schema});
    let mut rules = vec![
        when(valued, json!({}), json!({"required": ["value"]})),
        when(|op| op == Op::Exists, json!({}), properties(value(json!({"type": "boolean"})))),
        when(numeric, json!({}), properties(value(json!({"type": "number"})))),
        when(numeric, json!({}), properties(path(&[Anywhere, Hour, Weekday]))),
        when(textual, json!({}), properties(value(json!({"type": "string"})))),
        when(textual, json!({}), properties(path(&[Anywhere, Text, Weekday, Class]))),
        when(
            |op| op == Op::Regex,
            json!({}),
            properties(value(json!({"format": "regex", "maxLength": REGEX_LONGEST}))),
        ),
        when(listed, json!({}), properties(value(json!({"type": "array"})))),
    ];
    for (leads, one, many) in literals() {
        rules.push(when(equal, path(&[leads]), properties(value(one))));
        rules.push(when(listed, path(&[leads]), properties(value(many))));
    }
    rules
}

/// What a value is compared with for equality, alone and in a list; null is never there, which is only doubtful.
fn literals() -> [(Leads, Value, Value); 4] {
    let list = |of: &Value| json!({"items": of});
    let hour = json!({"type": ["number", "null"]});
    let text = json!({"type": ["string", "null"]});
    let classes: Vec<Value> =
        Category::NAMES.iter().map(|(name, _)| json!(name)).chain([Value::Null]).collect();
    let class = json!({"enum": classes});
    let names: Vec<Value> = WEEKDAYS.iter().map(|name| json!(name)).chain([Value::Null]).collect();
    let numbers: Vec<Value> = DAYS.map(|day| json!(day)).chain([Value::Null]).collect();
    let (names, numbers) = (json!({"enum": names}), json!({"enum": numbers}));
    [
        (Leads::Hour, hour.clone(), list(&hour)),
        (Leads::Text, text.clone(), list(&text)),
        (Leads::Category, class.clone(), list(&class)),
        (
            Leads::Weekday,
            json!({"anyOf": [names, numbers]}),
            json!({"anyOf": [list(&names), list(&numbers)]}),
        ),
    ]
}

/// A rule for conditions with such an operator, and with such properties.
fn when(of: impl Fn(Op) -> bool, also: Value, then: Value) -> Value {
    let names: Vec<&str> = OPERATORS.iter().filter(|(_, op)| of(*op)).map(|(name, _)| *name).collect();
    let mut asked = also;
    set(&mut asked, "op", json!({"enum": names}));
    let required: Vec<&String> = asked.as_object().into_iter().flat_map(|members| members.keys()).collect();
    json!({"if": {"required": required, "properties": asked}, "then": then})
}

fn properties(properties: Value) -> Value {
    json!({"properties": properties})
}
