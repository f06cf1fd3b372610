//! Paths: what a condition looks at, and the road there through the arguments.
//!
//! A step into a value of the wrong type (a name into a string, an index into an object, `[*]` into a number) is a
//! mismatch like any other wrong type and refuses the call; into a missing or null value it is missing. A step by name
//! into an object of the arguments that has a look-alike of that name refuses the call too (see `value::alike`).
//! `time.weekday` is Monday 1 to Sunday 7, or the English name in lower case, as the condition's value has it.

use crate::Category;
use crate::facts::{Facts, argument_member};
use crate::value::json::{self, Members};
use crate::value::{Unclear, Unreadable, Value};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
pub(crate) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const NUMBERS: [&str; 24] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18",
    "19", "20", "21", "22", "23",
];

/// A compiled path.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) text: Box<str>,
    pub(crate) root: Root,
    /// Only under [`Root::Arguments`].
    pub(crate) steps: Box<[Step]>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    Arguments,
    IdentityId,
    IdentityKind,
    IdentityLabel,
    IdentityEmail,
    IdentityLabels(Box<str>),
    TeamSlug,
    ClientName,
    ClientVersion,
    ToolName,
    ToolCategory,
    ToolRisk,
    ToolAnnotation(Box<str>),
    SessionId,
    Hour,
    Weekday,
    WeekdayName,
}

/// One step into a value.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) kind: StepKind,
    /// How much of the path's text comes before it.
    pub(crate) before: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StepKind {
    Name(Box<str>),
    Index(usize),
    /// `[*]`
    Each,
}

/// A value that a rule cannot judge; the call is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch<'p> {
    /// It is of another type than the rule takes.
    Type { path: &'p str, wanted: &'static str, found: &'static str },
    /// The call has a key that differs from the last one of this path in case alone.
    LookAlike { path: &'p str },
}

impl<'p> Mismatch<'p> {
    pub(crate) const fn new(path: &'p str, wanted: &'static str, found: &'static str) -> Self {
        Self::Type { path, wanted, found }
    }

    pub(crate) const fn unreadable(path: &'p str, _: Unreadable) -> Self {
        Self::new(path, "a readable JSON value", "one that cannot be read exactly")
    }
}

/// What is asked of each value that a path leads to.
type Ask<'q, 'p, 'a> = &'q mut dyn FnMut(&Value<'a>) -> Result<bool, Mismatch<'p>>;

impl Path {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it leads to as many values as an array has elements.
    pub(crate) fn is_plural(&self) -> bool {
        self.steps.iter().any(|step| step.kind == StepKind::Each)
    }

    /// The one value that a path without `[*]` leads to.
    pub(crate) fn value<'p, 'a>(&'p self, facts: &Facts<'a>) -> Result<Value<'a>, Mismatch<'p>> {
        let (start, steps) = self.start(facts)?;
        self.descend(start, steps).map(|(value, _)| value)
    }

    /// Whether any of the values that the path leads to passes. All are asked, so that a value of the wrong
    /// type is found wherever it stands.
    pub(crate) fn any<'p, 'a>(
        &'p self,
        facts: &Facts<'a>,
        ask: Ask<'_, 'p, 'a>,
    ) -> Result<bool, Mismatch<'p>> {
        let (start, steps) = self.start(facts)?;
        self.each(start, steps, ask)
    }

    fn each<'p, 'a>(
        &'p self,
        start: Value<'a>,
        steps: &'p [Step],
        ask: Ask<'_, 'p, 'a>,
    ) -> Result<bool, Mismatch<'p>> {
        match self.descend(start, steps)? {
            (value, []) => ask(&value),
            (Value::Missing, _) => ask(&Value::Missing),
            (Value::Array(text), [each, rest @ ..]) => {
                let elements = json::elements(text).ok_or_else(|| self.unreadable(each, Unreadable))?;
                let mut passed = false;
                for element in elements {
                    let value = Value::read(element).map_err(|error| self.unreadable(each, error))?;
                    passed |= self.each(value, rest, ask)?;
                }
                Ok(passed)
            }
            (other, [each, ..]) => Err(Mismatch::new(self.before(each), "an array", other.type_name())),
        }
    }

    /// Follows steps up to the first `[*]`; gives it and what follows.
    fn descend<'p, 'a>(
        &'p self,
        mut value: Value<'a>,
        mut steps: &'p [Step],
    ) -> Result<(Value<'a>, &'p [Step]), Mismatch<'p>> {
        while let [step, rest @ ..] = steps {
            value = match (&step.kind, value) {
                (StepKind::Each, value) => return Ok((value, steps)),
                (_, Value::Missing) => return Ok((Value::Missing, &[])),
                (StepKind::Name(name), Value::Object(text)) => {
                    let members = Members::of(text).ok_or_else(|| self.unreadable(step, Unreadable))?;
                    argument_member(&members, name).map_err(|error| self.unclear(step, rest, error))?
                }
                (StepKind::Index(index), Value::Array(text)) => {
                    let elements = json::elements(text).ok_or_else(|| self.unreadable(step, Unreadable))?;
                    let element = elements.get(*index).map(|element| Value::read(element)).transpose();
                    element.map_err(|error| self.unreadable(step, error))?.unwrap_or(Value::Missing)
                }
                (StepKind::Name(_), other) => {
                    return Err(Mismatch::new(self.before(step), "an object", other.type_name()));
                }
                (StepKind::Index(_), other) => {
                    return Err(Mismatch::new(self.before(step), "an array", other.type_name()));
                }
            };
            steps = rest;
        }
        Ok((value, steps))
    }

    fn before(&self, step: &Step) -> &str {
        self.text.get(..step.before).unwrap_or(&self.text)
    }

    fn unreadable(&self, step: &Step, error: Unreadable) -> Mismatch<'_> {
        Mismatch::unreadable(self.before(step), error)
    }

    /// What is wrong with the member that a step leads to, with `rest` still to come.
    fn unclear(&self, step: &Step, rest: &[Step], error: Unclear) -> Mismatch<'_> {
        match error {
            Unclear::Unreadable => self.unreadable(step, Unreadable),
            Unclear::Alike => {
                Mismatch::LookAlike { path: rest.first().map_or(&*self.text, |next| self.before(next)) }
            }
        }
    }

    /// The value at the root, and the steps that remain. The first argument's name is looked up in the members
    /// that all conditions share.
    fn start<'p, 'a>(&'p self, facts: &Facts<'a>) -> Result<(Value<'a>, &'p [Step]), Mismatch<'p>> {
        let context = facts.context;
        let text = |text: &'a str| Value::Text(text.into());
        let maybe = |found: Option<&'a str>| found.map_or(Value::Missing, text);
        let value = match &self.root {
            Root::Arguments => match &*self.steps {
                [step @ Step { kind: StepKind::Name(name), .. }, rest @ ..] => {
                    let value = facts.argument(name);
                    return value.map(|value| (value, rest)).map_err(|error| self.unclear(step, rest, error));
                }
                _ => facts.arguments(),
            },
            Root::IdentityId => text(context.identity.id),
            Root::IdentityKind => text(context.identity.kind),
            Root::IdentityLabel => text(context.identity.label),
            Root::IdentityEmail => maybe(context.identity.email),
            Root::IdentityLabels(key) => maybe(context.identity.labels.get(&**key).map(String::as_str)),
            Root::TeamSlug => text(context.team),
            Root::ClientName => maybe(context.client.map(|client| client.name)),
            Root::ClientVersion => maybe(context.client.map(|client| client.version)),
            Root::ToolName => text(facts.call.name),
            Root::ToolCategory => maybe(context.category.map(Category::as_str)),
            Root::ToolRisk => maybe(context.risk),
            Root::ToolAnnotation(key) => {
                facts.annotation(key).map_err(|error| Mismatch::unreadable(&self.text, error))?
            }
            Root::SessionId => text(context.session),
            Root::Hour => Value::Number(pick(&NUMBERS, context.time_ms.rem_euclid(DAY_MS) / HOUR_MS)),
            Root::Weekday => Value::Number(pick(&NUMBERS, weekday(context.time_ms) + 1)),
            Root::WeekdayName => text(pick(&WEEKDAYS, weekday(context.time_ms))),
        };
        Ok((value, &self.steps))
    }
}

/// 0 for Monday to 6 for Sunday. 1970 began on a Thursday.
const fn weekday(time_ms: i64) -> i64 {
    (time_ms.div_euclid(DAY_MS) + 3).rem_euclid(7)
}

fn pick(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("")
}
