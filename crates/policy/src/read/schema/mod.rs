//! The language as a JSON Schema (draft 2020-12), made from the tables that the reader itself goes by: what this schema
//! refuses the reader refuses too, and so it is the other way round for the shape of a document.
//!
//! Beyond a schema's reach are text that is no JSON or too large, keys that are there twice, depth, lengths in bytes,
//! decimals of more digits than a double has, regular expressions that do not compile, and what is counted over rules: globs,
//! expressions, limits on one call, windows of one counter.

mod condition;
mod path;
mod words;

use serde_json::{Map, Value, json};

use crate::charge::Scope;
use crate::decision::ApprovalTerms;
use crate::rule::Action;
use crate::{Category, Subject, Window};

use super::{document, limit, rule};

/// A name for the schema that is the same wherever it is served from.
const ID: &str = "urn:policylayer:policy:1";
/// What has a control character is no name.
const NAME: &str = r"^\P{Cc}+$";
/// Nor are blanks alone.
const NOT_BLANK: &str = r"[^\s\p{Cc}]";
/// The first amount that is too large; a validator that counts in doubles cannot tell the last good one from it.
const AMOUNT_END: u64 = 1 << 53;

/// The schema of a policy.
pub(crate) fn schema() -> Value {
    let mut schema = object("policy", &document::KNOWN, &["version", "default"], |field| match field {
        "version" => json!({"const": "1"}),
        "default" => named(&document::DEFAULTS),
        "hide" => reference("patterns"),
        "all_tools" => reference(&part(Subject::Tool, "rule")),
        "categories" => {
            let rule = reference(&part(Subject::Tool, "rule"));
            let rules = Category::NAMES.iter().map(|(name, _)| ((*name).to_owned(), rule.clone()));
            json!({"type": "object", "properties": rules.collect::<Map<_, _>>(), "additionalProperties": false})
        }
        "tools" => rules(Subject::Tool),
        "prompts" => reference("prompts"),
        "resources" => reference("resources"),
        _ => json!({"type": "string"}),
    });
    let mut definitions = Map::new();
    definitions.insert("patterns".to_owned(), patterns());
    definitions.insert("window".to_owned(), window());
    for subject in [Subject::Tool, Subject::Prompt, Subject::Resource] {
        define(subject, &mut definitions);
    }
    definitions.insert("prompts".to_owned(), section(Subject::Prompt));
    definitions.insert("resources".to_owned(), section(Subject::Resource));
    set(&mut schema, "$schema", json!("https://json-schema.org/draft/2020-12/schema"));
    set(&mut schema, "$id", json!(ID));
    set(&mut schema, "title", json!("PolicyLayer policy, version 1"));
    set(&mut schema, "$defs", Value::Object(definitions));
    schema
}

/// What rules for tools, prompts or resources are made of: they differ in the paths that have a meaning.
fn define(subject: Subject, definitions: &mut Map<String, Value>) {
    let parts = [
        ("rule", rule_of(subject)),
        ("group", group(subject)),
        ("approval", approval(subject)),
        ("limit", limit_of(subject)),
        ("conditions", json!({"type": "array", "items": reference(&part(subject, "condition"))})),
        ("condition", condition::condition(subject)),
        ("path", path::any(subject)),
    ];
    definitions.extend(parts.map(|(name, schema)| (part(subject, name), schema)));
}

fn rule_of(subject: Subject) -> Value {
    let list = |of: &str| json!({"type": "array", "items": reference(&part(subject, of))});
    object("rule", &rule::KNOWN, &[], |field| match field {
        "action" => named(&Action::NAMES),
        "require" | "deny_if" => list("group"),
        "approval" => reference(&part(subject, "approval")),
        "limits" => list("limit"),
        "rate_limit" => object("rate_limit", &limit::RATE_LIMIT, &limit::RATE_LIMIT, |field| match field {
            "max" => json!({"type": "integer", "minimum": 0, "maximum": u32::MAX}),
            _ => reference("window"),
        }),
        _ => json!({"type": "string"}),
    })
}

fn group(subject: Subject) -> Value {
    object("group", &rule::GROUP, &rule::GROUP, |field| match field {
        "conditions" => reference(&part(subject, "conditions")),
        _ => json!({"type": "string"}),
    })
}

fn approval(subject: Subject) -> Value {
    let (least, most) = rule::QUORUM;
    let unsaid = ApprovalTerms::UNSAID;
    object("approval", &rule::APPROVAL, &[], |field| match field {
        "conditions" => reference(&part(subject, "conditions")),
        "approvers" => named(&rule::APPROVERS),
        "quorum" => json!({"type": "integer", "minimum": least, "maximum": most, "default": unsaid.quorum}),
        "expires_in" => {
            json!({"type": "integer", "minimum": 1, "maximum": u32::MAX, "default": unsaid.expires_in})
        }
        _ => json!({"type": "string"}),
    })
}

fn limit_of(subject: Subject) -> Value {
    let required = ["counter", "window", "max", "scope"];
    let mut limit = object("limit", &limit::KNOWN, &required, |field| match field {
        "counter" => {
            json!({"type": "string", "maxLength": limit::NAME_LONGEST, "allOf": [{"pattern": NAME}, {"pattern": NOT_BLANK}]})
        }
        "window" => reference("window"),
        "scope" => named(&Scope::NAMES),
        "key" => path::single(subject),
        "increment_from" => path::amount(subject),
        "rolling" => json!({"type": "boolean", "default": false}),
        "on_outage" => named(&limit::ON_OUTAGE),
        // `max` and `increment`.
        _ => json!({"type": "number", "minimum": 0, "maximum": AMOUNT_END}),
    });
    set(&mut limit, "not", json!({"required": ["increment", "increment_from"]}));
    limit
}

/// `prompts` or `resources`.
fn section(subject: Subject) -> Value {
    object("section", &document::SECTION, &["default"], |field| match field {
        "default" => named(&document::DEFAULTS),
        "hide" => reference("patterns"),
        _ => rules(subject),
    })
}

fn rules(subject: Subject) -> Value {
    json!({
        "type": "object",
        "propertyNames": pattern(),
        "additionalProperties": reference(&part(subject, "rule")),
    })
}

fn pattern() -> Value {
    json!({"type": "string", "pattern": NAME, "maxLength": document::PATTERN_LONGEST})
}

fn patterns() -> Value {
    json!({
        "type": "array",
        "items": pattern(),
        "contains": {"type": "string", "pattern": "[*?]"},
        "minContains": 0,
        "maxContains": document::GLOBS,
    })
}

fn window() -> Value {
    json!({"anyOf": [named(&Window::UNITS), {"type": "integer", "minimum": 1, "maximum": u32::MAX}]})
}

/// An object with these fields and no others.
fn object(what: &str, known: &[&str], required: &[&str], of: impl Fn(&str) -> Value) -> Value {
    let field = |name: &&str| {
        let mut schema = of(name);
        set(&mut schema, "description", json!(words::field(what, name)));
        ((*name).to_owned(), schema)
    };
    let properties: Map<_, _> = known.iter().map(field).collect();
    let mut object = json!({
        "type": "object",
        "description": words::whole(what),
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        set(&mut object, "required", json!(required));
    }
    object
}

/// One of the words of a table.
fn named<T>(table: &[(&str, T)]) -> Value {
    json!({"enum": table.iter().map(|(name, _)| name).collect::<Vec<_>>()})
}

/// The name of a definition: those for tools have the plain ones.
fn part(subject: Subject, name: &str) -> String {
    match subject {
        Subject::Tool => name.to_owned(),
        Subject::Prompt | Subject::Resource => format!("{}_{name}", subject.as_str()),
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

fn set(schema: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = schema {
        members.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `visit` with every object below.
    fn each(schema: &Value, visit: &mut dyn FnMut(&Map<String, Value>)) {
        match schema {
            Value::Object(members) => {
                visit(members);
                members.values().for_each(|member| each(member, visit));
            }
            Value::Array(elements) => elements.iter().for_each(|element| each(element, visit)),
            _ => {}
        }
    }

    #[test]
    fn every_field_is_described_and_every_reference_leads_somewhere() {
        let schema = schema();
        let mut described = 0;
        each(&schema, &mut |object| {
            // What is no text is the language's own field of that name.
            if let Some(description) = object.get("description").and_then(Value::as_str) {
                assert!(description.ends_with('.'), "{object:?}");
                described += 1;
            }
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                assert!(schema.pointer(target.trim_start_matches('#')).is_some(), "{target}");
            }
        });
        assert!(described > 60, "{described}");
    }
}
