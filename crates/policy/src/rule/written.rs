//! Conditions as a document writes them: to show what one asks, and to tell whether two ask the same.
//!
//! An operator is shown in its plainest form: `in` with one value is `eq`. Where order means nothing, parts are
//! sorted, so two texts are equal when the conditions are.

use crate::value::literal::Literal;

use super::condition::{Comparison, Condition, Operator, Test};

/// The name of an operator.
pub(crate) const fn operator(operator: &Operator) -> &'static str {
    match operator {
        Operator::In(literals) if literals.len() == 1 => "eq",
        Operator::In(_) => "in",
        Operator::NotIn(literals) if literals.len() == 1 => "neq",
        Operator::NotIn(_) => "not_in",
        Operator::Number(Comparison::Less, _) => "lt",
        Operator::Number(Comparison::LessOrEqual, _) => "lte",
        Operator::Number(Comparison::Greater, _) => "gt",
        Operator::Number(Comparison::GreaterOrEqual, _) => "gte",
        Operator::Exists(_) => "exists",
        Operator::Regex(_) => "regex",
        Operator::Contains(_) => "contains",
        Operator::StartsWith(_) => "starts_with",
        Operator::EndsWith(_) => "ends_with",
    }
}

/// The value that an operator compares with, as JSON text.
pub(crate) fn value(operator: &Operator) -> String {
    match operator {
        Operator::In(literals) | Operator::NotIn(literals) => match &**literals {
            [one] => literal(one),
            many => list(many.iter().map(literal).collect()),
        },
        Operator::Number(_, bound) => bound.to_string(),
        Operator::Exists(wanted) => wanted.to_string(),
        Operator::Regex(regex) => quoted(regex.as_str()),
        Operator::Contains(part) | Operator::StartsWith(part) | Operator::EndsWith(part) => quoted(part),
    }
}

/// A condition as JSON text.
pub(crate) fn condition(written: &Condition) -> String {
    match written {
        Condition::Test(Test { path, operator: op, .. }) => {
            format!(r#"{{"path":{},"op":"{}","value":{}}}"#, quoted(path.text()), operator(op), value(op))
        }
        Condition::Any(parts) => format!(r#"{{"any":{}}}"#, conditions(parts)),
        Condition::All(parts) => format!(r#"{{"all":{}}}"#, conditions(parts)),
        Condition::Not(part) => format!(r#"{{"not":{}}}"#, condition(part)),
    }
}

/// Conditions as JSON text.
pub(crate) fn conditions(written: &[Condition]) -> String {
    list(written.iter().map(condition).collect())
}

fn literal(written: &Literal) -> String {
    match written {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Number(text) => text.to_string(),
        Literal::Text(text) => quoted(text),
        // The order of an array's elements is part of its value.
        Literal::Array(elements) => {
            format!("[{}]", elements.iter().map(literal).collect::<Vec<_>>().join(","))
        }
        Literal::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(key, value)| format!("{}:{}", quoted(key), literal(value))).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn list(mut parts: Vec<String>) -> String {
    parts.sort();
    format!("[{}]", parts.join(","))
}

/// A string as JSON text.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
