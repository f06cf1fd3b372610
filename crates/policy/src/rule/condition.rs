//! Conditions, and whether they hold for a call.
//!
//! A missing value fails every test but `neq`, `not_in` and a negated `exists`. A value of the wrong type is no
//! answer at all: it refuses the call, whether it turns up in `require`, in `deny_if` or under `not`. So that
//! this does not hang on the order in which conditions are written, all parts of a group, of `any` and of `all`
//! are asked even when an earlier one has settled the answer.

use std::cmp::Ordering;

use regex::Regex;

use crate::facts::Facts;
use crate::problem::Place;
use crate::trace::Watch;
use crate::value::decimal::Decimal;
use crate::value::literal::{Likeness, Literal};
use crate::value::{Unreadable, Value};

use super::path::{Mismatch, Path};

/// One condition.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    Test(Test),
    Any(Box<[Self]>),
    All(Box<[Self]>),
    Not(Box<Self>),
}

/// A value against an operator.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) path: Path,
    pub(crate) operator: Operator,
    pub(crate) place: Place,
}

/// What is asked of a value.
#[derive(Debug, Clone)]
pub(crate) enum Operator {
    /// Equals one of these (`eq`, `in`).
    In(Box<[Literal]>),
    /// Equals none of these (`neq`, `not_in`).
    NotIn(Box<[Literal]>),
    /// Compares as wanted with a number's text.
    Number(Comparison, Box<str>),
    /// Is there (`true`), or is not.
    Exists(bool),
    Regex(Regex),
    Contains(Box<str>),
    StartsWith(Box<str>),
    EndsWith(Box<str>),
}

/// An order between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Whether all conditions hold; so it is when there are none.
pub(crate) fn all_hold<'c, W: Watch>(
    conditions: &'c [Condition],
    facts: &Facts<'_>,
    watch: &mut W,
) -> Result<bool, Mismatch<'c>> {
    conditions.iter().try_fold(true, |all, condition| Ok(condition.holds(facts, watch)? && all))
}

/// The answer of parts, with the listener told where they begin and end.
fn nested<'c, W: Watch>(
    kind: &'static str,
    watch: &mut W,
    ask: impl FnOnce(&mut W) -> Result<bool, Mismatch<'c>>,
) -> Result<bool, Mismatch<'c>> {
    watch.nest(kind);
    let holds = ask(watch);
    watch.unnest(&holds);
    holds
}

impl Condition {
    /// Whether it holds.
    pub(crate) fn holds<'c, W: Watch>(
        &'c self,
        facts: &Facts<'_>,
        watch: &mut W,
    ) -> Result<bool, Mismatch<'c>> {
        match self {
            Self::Test(test) => test.holds(facts, watch),
            Self::Any(parts) => nested("any", watch, |watch| {
                parts.iter().try_fold(false, |any, part| Ok(part.holds(facts, watch)? || any))
            }),
            Self::All(parts) => nested("all", watch, |watch| all_hold(parts, facts, watch)),
            Self::Not(part) => nested("not", watch, |watch| part.holds(facts, watch).map(|holds| !holds)),
        }
    }

    /// Every test in it, at any depth.
    pub(crate) fn each_test<'c>(&'c self, visit: &mut dyn FnMut(&'c Test)) {
        match self {
            Self::Test(test) => visit(test),
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|part| part.each_test(visit)),
            Self::Not(part) => part.each_test(visit),
        }
    }
}

impl Test {
    fn holds<'c, W: Watch>(&'c self, facts: &Facts<'_>, watch: &mut W) -> Result<bool, Mismatch<'c>> {
        if let Some(supposed) = watch.suppose(self) {
            return supposed;
        }
        let holds = self.path.any(facts, &mut |value| {
            watch.value(value);
            self.passes(value)
        });
        watch.test(self, &holds);
        holds
    }

    fn passes(&self, value: &Value<'_>) -> Result<bool, Mismatch<'_>> {
        if matches!(value, Value::Missing) {
            return Ok(matches!(self.operator, Operator::NotIn(_) | Operator::Exists(false)));
        }
        match &self.operator {
            Operator::Exists(wanted) => Ok(*wanted),
            Operator::In(literals) => self.is_one_of(literals, value),
            Operator::NotIn(literals) => self.is_one_of(literals, value).map(|found| !found),
            Operator::Number(comparison, bound) => self.compares(*comparison, bound, value),
            Operator::Regex(regex) => self.string(value).map(|text| regex.is_match(text)),
            Operator::Contains(part) => self.string(value).map(|text| text.contains(&**part)),
            Operator::StartsWith(part) => self.string(value).map(|text| text.starts_with(&**part)),
            Operator::EndsWith(part) => self.string(value).map(|text| text.ends_with(&**part)),
        }
    }

    /// An equal literal settles it; only without one does a quoted number count as the wrong type.
    fn is_one_of(&self, literals: &[Literal], value: &Value<'_>) -> Result<bool, Mismatch<'_>> {
        let mut quoted = None;
        for literal in literals {
            match literal.likeness(value).map_err(|error| self.unreadable(error))? {
                Likeness::Same => return Ok(true),
                Likeness::Quoted => quoted = quoted.or(Some(literal)),
                Likeness::Different => {}
            }
        }
        match quoted {
            Some(literal) => Err(Mismatch::new(self.path.text(), literal.type_name(), found_quoted(value))),
            None => Ok(false),
        }
    }

    fn compares(&self, comparison: Comparison, bound: &str, value: &Value<'_>) -> Result<bool, Mismatch<'_>> {
        let Value::Number(text) = value else {
            return Err(Mismatch::new(self.path.text(), "a number", value.type_name()));
        };
        let number = Decimal::parse(text).ok_or_else(|| self.unreadable(Unreadable))?;
        // The bound was read when the document was.
        Ok(Decimal::parse(bound).is_some_and(|bound| comparison.holds(number.cmp(&bound))))
    }

    fn string<'v>(&self, value: &'v Value<'_>) -> Result<&'v str, Mismatch<'_>> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(Mismatch::new(self.path.text(), "a string", other.type_name())),
        }
    }

    fn unreadable(&self, error: Unreadable) -> Mismatch<'_> {
        Mismatch::unreadable(self.path.text(), error)
    }
}

const fn found_quoted(value: &Value<'_>) -> &'static str {
    match value {
        Value::Text(_) => "a string that spells that number",
        Value::Number(_) => "a number that the string spells",
        other => other.type_name(),
    }
}
