//! Conditions, read and checked against the type of what they ask for.
//!
//! `exists` may carry `true` (the same as nothing) or `false` (is not there). What can never hold is a warning,
//! what could only ever refuse for its type is an error.

use regex::{Regex, RegexBuilder};

use crate::Subject;
use crate::rule::condition::{Comparison, Condition, Operator, Test};
use crate::rule::path::{Path, Root};
use crate::value::literal::Literal;

use super::Reader;
use super::fields::Fields;
use super::node::{Kind, Node};

/// Largest compiled regular expression, in bytes.
const REGEX_SIZE: usize = 1 << 20;
/// Longest regular expression, in bytes.
pub(super) const REGEX_LONGEST: usize = 1_000;
/// Most regular expressions in a document, so that compiling one stays quick and small.
const REGEXES: usize = 128;

pub(super) const KNOWN: [&str; 6] = ["path", "op", "value", "any", "all", "not"];
pub(super) const NESTING: [&str; 3] = ["any", "all", "not"];
pub(super) const OPERATORS: [(&str, Op); 13] = [
    ("eq", Op::Eq),
    ("neq", Op::Neq),
    ("lt", Op::Number(Comparison::Less)),
    ("lte", Op::Number(Comparison::LessOrEqual)),
    ("gt", Op::Number(Comparison::Greater)),
    ("gte", Op::Number(Comparison::GreaterOrEqual)),
    ("in", Op::In),
    ("not_in", Op::NotIn),
    ("exists", Op::Exists),
    ("regex", Op::Regex),
    ("contains", Op::Contains),
    ("starts_with", Op::StartsWith),
    ("ends_with", Op::EndsWith),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Neq,
    Number(Comparison),
    In,
    NotIn,
    Exists,
    Regex,
    Contains,
    StartsWith,
    EndsWith,
}

impl Reader<'_> {
    pub(super) fn conditions(&mut self, node: &Node<'_>, subject: Subject) -> Box<[Condition]> {
        let nodes = self.array(node, "a list of conditions");
        nodes.iter().filter_map(|node| self.condition(node, subject)).collect()
    }

    fn condition(&mut self, node: &Node<'_>, subject: Subject) -> Option<Condition> {
        let fields = self.fields(node, "a condition", &KNOWN)?;
        let nesting: Vec<&str> = NESTING.into_iter().filter(|name| fields.get(name).is_some()).collect();
        match *nesting {
            [] => self.test(&fields, subject).map(Condition::Test),
            [name] if fields.get("path").or(fields.get("op")).or(fields.get("value")).is_none() => {
                self.nested(name, fields.get(name)?, subject)
            }
            _ => {
                let message = "A condition is either path, op and value, or one of any, all and not; this one mixes them.";
                let hint = "nest conditions in all to combine them".to_owned();
                self.report.error("mixed_condition", fields.at, message, Some(hint));
                None
            }
        }
    }

    fn nested(&mut self, name: &str, node: &Node<'_>, subject: Subject) -> Option<Condition> {
        if name == "not" {
            return self.condition(node, subject).map(|part| Condition::Not(Box::new(part)));
        }
        let parts = self.conditions(node, subject);
        let empty = node.is_empty_array();
        if name == "all" {
            if empty {
                self.report.warn("no_effect", node.start, "An empty all always holds.", None);
            }
            return Some(Condition::All(parts));
        }
        if empty {
            self.report.warn("never_matches", node.start, "An empty any never holds.", None);
        }
        Some(Condition::Any(parts))
    }

    fn test(&mut self, fields: &Fields<'_, '_>, subject: Subject) -> Option<Test> {
        let path = self.required(fields, "path").and_then(|node| self.path(node, subject));
        let op = self
            .required(fields, "op")
            .and_then(|node| self.choice(node, "an operator", "unknown_operator", &OPERATORS));
        let (mut path, op) = (path?, op?);
        let operator = self.operator(op, fields, &path)?;
        if path.root == Root::Weekday && asks_text(&operator) {
            path.root = Root::WeekdayName;
        }
        Some(Test { path, operator, place: self.report.lines.place(fields.at) })
    }

    fn operator(&mut self, op: Op, fields: &Fields<'_, '_>, path: &Path) -> Option<Operator> {
        if op == Op::Exists {
            let wanted = fields.get("value").map(|node| self.boolean(node, "the value of exists"));
            return wanted.map_or(Some(true), |wanted| wanted).map(Operator::Exists);
        }
        let value = self.required(fields, "value")?;
        match op {
            Op::Eq => self.literals(std::slice::from_ref(value), path, true).map(Operator::In),
            Op::Neq => self.literals(std::slice::from_ref(value), path, false).map(Operator::NotIn),
            Op::In => self.list(value, path, true).map(Operator::In),
            Op::NotIn => self.list(value, path, false).map(Operator::NotIn),
            Op::Number(comparison) => {
                self.number_bound(value, path).map(|bound| Operator::Number(comparison, bound))
            }
            Op::Regex => self.regex(value, path).map(Operator::Regex),
            Op::Contains => self.string_part(value, path).map(Operator::Contains),
            Op::StartsWith => self.string_part(value, path).map(Operator::StartsWith),
            Op::EndsWith => self.string_part(value, path).map(Operator::EndsWith),
            Op::Exists => None,
        }
    }

    fn number_bound(&mut self, value: &Node<'_>, path: &Path) -> Option<Box<str>> {
        let numeric =
            matches!(path.root, Root::Arguments | Root::ToolAnnotation(_) | Root::Hour | Root::Weekday);
        if !numeric {
            let message = format!("{} is a string, and lt, lte, gt and gte compare numbers.", path.text);
            self.report.error("wrong_type", value.start, message, Some("use eq, in or regex".to_owned()));
            return None;
        }
        match &value.kind {
            Kind::Number(text) => self.number_text(text, value),
            other => self.wrong_type(value, "the value of lt, lte, gt and gte", "a number", other),
        }
    }

    fn string_part(&mut self, value: &Node<'_>, path: &Path) -> Option<Box<str>> {
        if path.root == Root::Hour {
            let message = "time.hour is a number, and this operator is for strings.";
            self.report.error("wrong_type", value.start, message, Some("use eq, in or lt".to_owned()));
            return None;
        }
        self.text(value, "the value of this operator").map(Box::from)
    }

    fn regex(&mut self, value: &Node<'_>, path: &Path) -> Option<Regex> {
        let source = self.string_part(value, path)?;
        self.regexes += 1;
        let refusal = if source.len() > REGEX_LONGEST {
            Some(format!("The regular expression is longer than {REGEX_LONGEST} bytes."))
        } else if self.regexes > REGEXES {
            Some(format!("The document has more than {REGEXES} regular expressions."))
        } else {
            None
        };
        let compiled = match refusal {
            Some(refusal) => Err(refusal),
            None => RegexBuilder::new(&source)
                .size_limit(REGEX_SIZE)
                .dfa_size_limit(REGEX_SIZE)
                .build()
                .map_err(|error| explain(&error)),
        };
        compiled
            .map_err(|message| {
                let hint = "look-around and back-references are not offered, for they cannot be matched in linear time";
                self.report.error("invalid_regex", value.start, message, Some(hint.to_owned()));
            })
            .ok()
    }
}

fn explain(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("The regular expression compiles to more than {limit} bytes.")
        }
        // Its first lines draw the expression with a marker; the last one says what is wrong.
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or("it cannot be parsed");
            format!("This is not a regular expression: {}.", last.trim_start_matches("error: "))
        }
    }
}

/// Whether an operator's value is text, so that a weekday is asked for by name.
fn asks_text(operator: &Operator) -> bool {
    match operator {
        Operator::In(literals) | Operator::NotIn(literals) => {
            literals.iter().any(|literal| matches!(literal, Literal::Text(_)))
        }
        Operator::Number(..) | Operator::Exists(_) => false,
        Operator::Regex(_) | Operator::Contains(_) | Operator::StartsWith(_) | Operator::EndsWith(_) => true,
    }
}
