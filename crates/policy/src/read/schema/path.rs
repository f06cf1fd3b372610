//! Paths, by what they lead to.

use serde_json::{Value, json};

use crate::Subject;
use crate::read::path::{LONGEST, PLAIN, out_of_place};
use crate::rule::path::Root;

/// A step by name or by index. More than nineteen digits are too many for an index.
const STEP: &str = r"\.[^.\[\]\p{Cc}]+|\[(0|[1-9][0-9]{0,18})\]";

/// What is known of a value before a call is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leads {
    /// Anything: arguments and annotations.
    Anywhere,
    Text,
    Hour,
    Weekday,
    Category,
}

impl Leads {
    pub(super) fn of(root: &Root) -> Self {
        match root {
            Root::Arguments | Root::ToolAnnotation(_) => Self::Anywhere,
            Root::Hour => Self::Hour,
            Root::Weekday => Self::Weekday,
            Root::ToolCategory => Self::Category,
            _ => Self::Text,
        }
    }
}

/// Every path.
pub(super) fn any(subject: Subject) -> Value {
    paths(subject, &format!(r"^args({STEP}|\[\*\])*$"), |_| true)
}

/// Paths to one value.
pub(super) fn single(subject: Subject) -> Value {
    paths(subject, &format!("^args({STEP})*$"), |_| true)
}

/// Paths to one argument.
pub(super) fn amount(subject: Subject) -> Value {
    if out_of_place(&Root::Arguments, subject).is_some() {
        return json!({"not": {}});
    }
    json!({"type": "string", "maxLength": LONGEST, "pattern": format!("^args({STEP})+$")})
}

/// Paths that lead to such values, in a condition that is sound otherwise.
pub(super) fn leading(subject: Subject, wanted: &[Leads]) -> Value {
    paths(subject, r"^args(\.|\[|$)", |leads| wanted.contains(&leads))
}

fn paths(subject: Subject, arguments: &str, wanted: impl Fn(Leads) -> bool) -> Value {
    let fits = |root: &Root| out_of_place(root, subject).is_none() && wanted(Leads::of(root));
    let plain: Vec<&str> = PLAIN.iter().filter(|(_, root)| fits(root)).map(|(name, _)| *name).collect();
    let open = [
        (Root::Arguments, arguments),
        (Root::IdentityLabels(Box::default()), r"^identity\.labels\.\P{Cc}+$"),
        (Root::ToolAnnotation(Box::default()), r"^tool\.annotations\.\P{Cc}+$"),
    ];
    let mut choices: Vec<Value> = open
        .into_iter()
        .filter(|(root, _)| fits(root))
        .map(|(_, pattern)| json!({"pattern": pattern}))
        .collect();
    if !plain.is_empty() {
        choices.push(json!({"enum": plain}));
    }
    if choices.is_empty() {
        return json!({"not": {}});
    }
    json!({"type": "string", "maxLength": LONGEST, "anyOf": choices})
}
