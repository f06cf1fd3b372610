//! Doubts that only the server's tools show: names that are not there, and what their input schemas say.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::nearest::nearest;
use crate::problem::{self, Place, Problem};
use crate::rule::condition::{Condition, Operator, Test};
use crate::rule::limit::Increment;
use crate::rule::path::{Path, Root, StepKind};
use crate::rule::section::Section;
use crate::rule::{Action, Rule};
use crate::wording::quoted;
use crate::{Category, Policy};

use super::warning;

/// For so many unknown names the nearest known one is looked for; beyond that the list itself is plainly another's.
const OFFERS: usize = 50;

/// What linting needs to know of one of the server's tools.
#[derive(Debug, Clone, Copy)]
pub struct ToolFacts<'a> {
    /// Its exact name.
    pub name: &'a str,
    /// The catalogue's class of it, where it has one.
    pub category: Option<Category>,
    /// The text of its input schema, a JSON object.
    pub input_schema: Option<&'a str>,
}

pub(crate) fn against_tools(policy: &Policy, tools: &[ToolFacts<'_>]) -> Vec<Problem> {
    let section = &policy.tools;
    let mut problems = unknown_names(section, tools);
    problems.extend(globs_without_tools(section, tools));
    problems.extend(dangerous_by_default(section, tools));
    let schemas: HashMap<&str, Json> = tools
        .iter()
        .filter_map(|tool| Some((tool.name, serde_json::from_str(tool.input_schema?).ok()?)))
        .collect();
    for (name, rule) in &section.exact {
        problems.extend(against_schemas(rule, schemas.get_key_value(&**name).into_iter()));
    }
    for (glob, rule) in &section.globs {
        problems.extend(against_schemas(rule, schemas.iter().filter(|(name, _)| glob.matches(name))));
    }
    problem::sort(&mut problems);
    problems
}

fn unknown_names(section: &Section, tools: &[ToolFacts<'_>]) -> Vec<Problem> {
    let known: HashSet<&str> = tools.iter().map(|tool| tool.name).collect();
    let rules = section.exact.iter().map(|(name, rule)| (&**name, rule.place, rule.pointer.to_string()));
    let hidden = section
        .hide
        .exact
        .iter()
        .map(|(name, entry)| (&**name, entry.place, format!("/hide/{}", entry.index)));
    let mut unknown: Vec<_> = rules.chain(hidden).filter(|(name, _, _)| !known.contains(name)).collect();
    unknown.sort_by_key(|(_, place, _)| *place);
    let offers = std::iter::repeat_n(true, OFFERS).chain(std::iter::repeat(false));
    unknown
        .into_iter()
        .zip(offers)
        .map(|((name, place, pointer), offer)| {
            let near = if offer { nearest(name, known.iter().copied()) } else { None };
            let hint = near.map_or("check the name against the server's tools".to_owned(), |near| {
                format!("did you mean {}?", quoted(near))
            });
            let message = format!("The server has no tool {}.", quoted(name));
            warning("unknown_tool", place, pointer, message, &hint)
        })
        .collect()
}

fn globs_without_tools(section: &Section, tools: &[ToolFacts<'_>]) -> Vec<Problem> {
    let rules = section.globs.iter().map(|(glob, rule)| (glob, rule.place, rule.pointer.to_string()));
    let hidden =
        section.hide.globs.iter().map(|(glob, entry)| (glob, entry.place, format!("/hide/{}", entry.index)));
    rules
        .chain(hidden)
        .filter(|(glob, _, _)| !tools.iter().any(|tool| glob.matches(tool.name)))
        .map(|(glob, place, pointer)| {
            let message = format!("The glob {} matches none of the server's tools.", quoted(glob.text()));
            warning(
                "never_matches",
                place,
                pointer,
                message,
                "check it against the names of the server's tools",
            )
        })
        .collect()
}

fn dangerous_by_default(section: &Section, tools: &[ToolFacts<'_>]) -> Vec<Problem> {
    let guarded =
        section.all.as_ref().and_then(|all| all.action).is_some_and(|action| action != Action::Allow);
    if !section.default_allow || guarded {
        return Vec::new();
    }
    let open = |tool: &&ToolFacts<'_>| {
        matches!(tool.category, Some(Category::Destructive | Category::Financial))
            && !section.hide.covers(tool.name)
            && !section.has_rule(tool.name, tool.category)
    };
    let warn = |tool: &ToolFacts<'_>| {
        let category = tool.category.map_or("", Category::as_str);
        let message =
            format!("The {category} tool {} has no rule, so the default allows it.", quoted(tool.name));
        let pointer = "/default".to_owned();
        warning(
            "unguarded_tool",
            section.default_place,
            pointer,
            message,
            "give it a rule, or deny by default",
        )
    };
    tools.iter().filter(open).map(warn).collect()
}

/// Doubts about what a rule asks of the tools that it matches; each test is mentioned once.
fn against_schemas<'s>(rule: &Rule, schemas: impl Iterator<Item = (&'s &'s str, &'s Json)>) -> Vec<Problem> {
    let mut schemas: Vec<(&str, &Json)> = schemas.map(|(name, schema)| (*name, schema)).collect();
    schemas.sort_by_key(|(name, _)| *name);
    let mut problems = Vec::new();
    for (field, groups) in [("require", &rule.require), ("deny_if", &rule.deny_if)] {
        for (index, group) in groups.iter().enumerate() {
            for (position, condition) in group.conditions.iter().enumerate() {
                let pointer = format!("{}/{field}/{index}/conditions/{position}", rule.pointer);
                condition.each_test(&mut |test| problems.extend(compares_string(test, &schemas, &pointer)));
                if field == "deny_if" {
                    avoidable(condition, false, &mut |test| {
                        problems.extend(optional(test, &schemas, &pointer))
                    });
                }
            }
        }
    }
    for limit in &rule.limits {
        if let Increment::From(path) = &limit.increment {
            problems.extend(string_as_number(path, rule.place, &schemas, limit.pointer()));
        }
    }
    problems
}

/// The tests that leaving out their argument makes fail, and with them the denial.
fn avoidable<'c>(condition: &'c Condition, negated: bool, visit: &mut dyn FnMut(&'c Test)) {
    match condition {
        Condition::Not(part) => avoidable(part, !negated, visit),
        Condition::Any(parts) | Condition::All(parts) => {
            parts.iter().for_each(|part| avoidable(part, negated, visit));
        }
        Condition::Test(test) => {
            let holds_when_missing = matches!(test.operator, Operator::NotIn(_) | Operator::Exists(false));
            if holds_when_missing == negated {
                visit(test);
            }
        }
    }
}

fn compares_string(test: &Test, schemas: &[(&str, &Json)], pointer: &str) -> Option<Problem> {
    let numeric = matches!(test.operator, Operator::Number(..));
    numeric.then(|| string_as_number(&test.path, test.place, schemas, pointer.to_owned())).flatten()
}

fn string_as_number(
    path: &Path,
    place: Place,
    schemas: &[(&str, &Json)],
    pointer: String,
) -> Option<Problem> {
    let (tool, _) =
        schemas.iter().find(|(_, schema)| leaf(path, schema).is_some_and(|leaf| is_string(leaf.schema)))?;
    let message = format!(
        "{} is a string by the input schema of {}, and here it is taken for a number.",
        path.text,
        quoted(tool)
    );
    let hint = "every call with a string there is refused; compare it with eq, in or regex";
    Some(warning("string_as_number", place, pointer, message, hint))
}

fn optional(test: &Test, schemas: &[(&str, &Json)], pointer: &str) -> Option<Problem> {
    let (tool, _) =
        schemas.iter().find(|(_, schema)| leaf(&test.path, schema).is_some_and(|leaf| !leaf.required))?;
    let path = &test.path.text;
    let message = format!(
        "The input schema of {} does not require {path}, so an agent can leave it out and is not refused.",
        quoted(tool)
    );
    let hint = "use require instead, or refuse its absence too with exists";
    Some(warning("optional_argument", test.place, pointer.to_owned(), message, hint))
}

/// What an input schema says of an argument.
struct Leaf<'s> {
    schema: &'s Json,
    /// Whether it and all that holds it must be given.
    required: bool,
}

/// Follows a path through `properties` and `items`; `None` where the schema says nothing this plain.
fn leaf<'s>(path: &Path, schema: &'s Json) -> Option<Leaf<'s>> {
    if path.root != Root::Arguments {
        return None;
    }
    let mut leaf = Leaf { schema, required: true };
    for step in &path.steps {
        leaf = match &step.kind {
            StepKind::Name(name) => {
                let list = leaf.schema.get("required").and_then(Json::as_array);
                let required =
                    list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(&**name)));
                let properties = leaf.schema.get("properties")?.as_object()?;
                // An argument that the schema does not know is one that it does not require.
                let schema = properties.get(&**name).unwrap_or(&Json::Null);
                Leaf { schema, required: leaf.required && required }
            }
            StepKind::Index(_) | StepKind::Each => Leaf { schema: leaf.schema.get("items")?, ..leaf },
        };
    }
    Some(leaf)
}

fn is_string(schema: &Json) -> bool {
    match schema.get("type") {
        Some(Json::String(kind)) => kind == "string",
        Some(Json::Array(kinds)) => {
            kinds.iter().any(|kind| kind == "string")
                && !kinds.iter().any(|kind| kind == "number" || kind == "integer")
        }
        _ => false,
    }
}
