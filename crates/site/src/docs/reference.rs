//! The policy language field by field, out of its JSON Schema. Each field's example is what a document that uses every field has there.

use std::collections::HashMap;

use askama::Template;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::markdown::{Section, listing};
use super::{Made, marked};

/// A policy with every field.
const EXAMPLE: &str = include_str!("../../../../docs/guide/policy-reference.json");
/// The parts of a document, from the outside in: their names in the schema, and their headings.
const PARTS: [(&str, &str); 8] = [
    ("policy", "Policy"),
    ("rule", "Rule"),
    ("group", "Group of conditions"),
    ("condition", "Condition"),
    ("limit", "Limit"),
    ("rate_limit", "Rate limit"),
    ("approval", "Approval"),
    ("section", "Section for prompts or resources"),
];

/// A part of a document.
#[derive(Serialize)]
struct Part {
    id: &'static str,
    title: &'static str,
    what: String,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    required: bool,
    /// Type and bounds, with code words in backticks.
    kind: String,
    #[serde(skip)]
    kind_html: String,
    default: Option<String>,
    meaning: String,
    example: String,
}

/// An operator and what it is given.
#[derive(Serialize)]
struct Operator {
    name: String,
    takes: String,
    #[serde(skip)]
    takes_html: String,
}

/// A path, and in which rules it has a meaning.
#[derive(Serialize)]
struct Path {
    name: String,
    tools: bool,
    prompts: bool,
    resources: bool,
}

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference<'a> {
    parts: &'a [Part],
    operators: &'a [Operator],
    paths: &'a [Path],
    example: String,
}

/// The schema, and where its parts are.
struct Schema {
    whole: Value,
}

/// All parts with their fields, operators and paths.
pub(super) fn made() -> Made {
    let schema = Schema { whole: policy::Policy::schema() };
    let example = serde_json::from_str(EXAMPLE).unwrap_or_default();
    let mut examples = HashMap::new();
    schema.collect("policy", &schema.whole, &example, &mut examples);
    let parts: Vec<Part> = PARTS.iter().filter_map(|(id, title)| schema.part(id, title, &examples)).collect();
    let (operators, paths) = (schema.operators(), schema.paths());
    let page = Reference {
        parts: &parts,
        operators: &operators,
        paths: &paths,
        example: listing("json policy.json", EXAMPLE.trim_end()),
    };
    let html = page.render().unwrap_or_default();
    let section = |id: &str, title: &str| Section { id: id.to_owned(), title: title.to_owned() };
    let mut sections: Vec<Section> = parts.iter().map(|part| section(part.id, part.title)).collect();
    sections.extend([
        section("operators", "Operators"),
        section("paths", "Paths"),
        section("example", "A document with every field"),
    ]);
    Made { html, sections, facts: json!({ "parts": parts, "operators": operators, "paths": paths }) }
}

impl Schema {
    /// What a name in `$defs` stands for.
    fn definition(&self, name: &str) -> &Value {
        self.whole.get("$defs").and_then(|all| all.get(name)).unwrap_or(&Value::Null)
    }

    /// A part of the document by the name that it has here.
    fn object(&self, part: &str) -> &Value {
        match part {
            "policy" => &self.whole,
            "section" => self.definition("prompts"),
            "rate_limit" => self.definition("rule").pointer("/properties/rate_limit").unwrap_or(&Value::Null),
            name => self.definition(name),
        }
    }

    fn part(
        &self,
        id: &'static str,
        title: &'static str,
        examples: &HashMap<(String, String), Value>,
    ) -> Option<Part> {
        let object = self.object(id);
        let required = |name: &str| list(object.get("required")).iter().any(|one| one.as_str() == Some(name));
        let fields = object.get("properties")?.as_object()?.iter().map(|(name, schema)| {
            let kind = self.kind(schema);
            let example = examples.get(&(id.to_owned(), name.clone()));
            Field {
                name: name.clone(),
                required: required(name),
                kind_html: linked(&kind),
                kind: kind.replace(['[', ']'], ""),
                default: schema.get("default").map(Value::to_string),
                meaning: text(schema.get("description")),
                example: example.map(Value::to_string).unwrap_or_default(),
            }
        });
        Some(Part { id, title, what: text(object.get("description")), fields: fields.collect() })
    }

    /// Type and bounds in words. What stands in brackets is a part of its own.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = reference(schema) {
            return match plain(name) {
                "path" => "a [path]".to_owned(),
                "window" | "patterns" | "conditions" => self.kind(self.definition(name)),
                "prompts" | "resources" => "a [section]".to_owned(),
                "approval" => "an [approval]".to_owned(),
                part => format!("a [{part}]"),
            };
        }
        if let Some(only) = schema.get("const") {
            return format!("`{only}`");
        }
        if let Some(values) = schema.get("enum") {
            return format!("one of {}", codes(list(Some(values))));
        }
        if let Some(choices) = schema.get("anyOf").filter(|_| schema.get("type").is_none()) {
            return list(Some(choices)).iter().map(|one| self.kind(one)).collect::<Vec<_>>().join(", or ");
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => self.string(schema),
            Some(kind @ ("integer" | "number")) => {
                let kind = if kind == "integer" { "a whole number" } else { "a number" };
                match (schema.get("minimum"), schema.get("maximum")) {
                    (Some(least), Some(most)) => format!("{kind}, {least} to {most}"),
                    _ => kind.to_owned(),
                }
            }
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("array") => self.array(schema),
            Some("object") if schema.get("description").is_some_and(|_| has_fields(schema, "max")) => {
                "a [rate_limit]".to_owned()
            }
            Some("object") => self.map(schema),
            _ => "any value that fits the operator".to_owned(),
        }
    }

    fn string(&self, schema: &Value) -> String {
        // The only texts with a shape of their own are paths.
        let is_path = schema.get("anyOf").is_some()
            || schema
                .get("pattern")
                .and_then(Value::as_str)
                .is_some_and(|pattern| pattern.starts_with("^args"));
        match (is_path, schema.get("maxLength")) {
            (true, Some(most)) => format!("a [path] to one value, at most {most} characters"),
            (false, Some(most)) => format!("text, at most {most} characters"),
            _ => "text".to_owned(),
        }
    }

    fn array(&self, schema: &Value) -> String {
        let items = schema.get("items").unwrap_or(&Value::Null);
        let of = match reference(items) {
            Some(name) => format!("a list of [{}]s", plain(name)),
            None => format!("a list of {}", self.kind(items).replacen("text", "texts", 1)),
        };
        match schema.get("maxContains") {
            Some(most) => format!("{of}; at most {most} with `*` or `?`"),
            None => of,
        }
    }

    fn map(&self, schema: &Value) -> String {
        let to = |rule: &Value| reference(rule).map_or("value", plain).to_owned();
        match (schema.get("properties").and_then(Value::as_object), schema.get("additionalProperties")) {
            (Some(names), _) => {
                let names: Vec<Value> = names.keys().map(|name| json!(name)).collect();
                let rule = schema.pointer("/properties/read").map_or_else(String::new, to);
                format!("an object of [{rule}]s by {}", codes(&names))
            }
            (None, Some(rule)) => {
                let longest = schema.pointer("/propertyNames/maxLength").map(Value::to_string);
                let bound = longest.map(|most| format!(" of at most {most} characters")).unwrap_or_default();
                format!("an object of [{}]s by names or globs{bound}", to(rule))
            }
            _ => "an object".to_owned(),
        }
    }

    /// Notes the first value that each field has in the example.
    fn collect(
        &self,
        part: &str,
        schema: &Value,
        value: &Value,
        found: &mut HashMap<(String, String), Value>,
    ) {
        let (part, schema) = match reference(schema) {
            Some(name) if matches!(name, "prompts" | "resources") => ("section", self.definition(name)),
            Some(name) => (plain(name), self.definition(name)),
            None => (part, schema),
        };
        match value {
            Value::Array(elements) => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                elements.iter().for_each(|element| self.collect(part, items, element, found));
            }
            Value::Object(members) => {
                let fields = schema.get("properties").and_then(Value::as_object);
                let other = schema.get("additionalProperties").filter(|other| other.is_object());
                for (name, member) in members {
                    let field = fields.and_then(|fields| fields.get(name));
                    if field.is_some() {
                        found.entry((part.to_owned(), name.clone())).or_insert_with(|| member.clone());
                    }
                    if let Some(schema) = field.or(other) {
                        self.collect(name, schema, member, found);
                    }
                }
            }
            _ => {}
        }
    }

    fn operators(&self) -> Vec<Operator> {
        let condition = self.definition("condition");
        let names = list(condition.pointer("/properties/op/enum"));
        let rules = list(condition.get("allOf"));
        let takes = |name: &Value| {
            let of_it = rules.iter().filter(|rule| {
                let asked = rule.pointer("/if/properties").and_then(Value::as_object);
                asked.is_some_and(|asked| asked.len() == 1)
                    && list(rule.pointer("/if/properties/op/enum")).contains(name)
            });
            let mut value = Map::new();
            for rule in of_it {
                let more = rule.pointer("/then/properties/value").and_then(Value::as_object);
                value.extend(more.cloned().into_iter().flatten());
            }
            let what = match value.get("type").and_then(Value::as_str) {
                None => "a value".to_owned(),
                Some("array") => "a list of values".to_owned(),
                Some("boolean") => "`true`, `false` or nothing".to_owned(),
                Some("string") => "text".to_owned(),
                Some(kind) => format!("a {kind}"),
            };
            match value.get("maxLength") {
                Some(most) => format!("a regular expression, at most {most} characters"),
                None => what,
            }
        };
        let operator = |name: &Value| {
            let takes = takes(name);
            Operator { name: text(Some(name)), takes_html: marked(&takes), takes: takes.replace('`', "") }
        };
        names.iter().map(operator).collect()
    }

    fn paths(&self) -> Vec<Path> {
        let of = |name: &str| -> Vec<String> {
            let choices = list(self.definition(name).get("anyOf"));
            let open = choices.iter().filter_map(|one| named_pattern(one.get("pattern")?.as_str()?));
            let plain = choices.iter().flat_map(|one| list(one.get("enum")));
            open.map(str::to_owned).chain(plain.map(|name| text(Some(name)))).collect()
        };
        let (prompts, resources) = (of("prompt_path"), of("resource_path"));
        let path = |name: String| Path {
            tools: true,
            prompts: prompts.contains(&name),
            resources: resources.contains(&name),
            name,
        };
        of("path").into_iter().map(path).collect()
    }
}

/// What is written for paths of a kind.
fn named_pattern(pattern: &str) -> Option<&'static str> {
    let known = [
        ("^args", "args.name"),
        (r"^identity\.labels", "identity.labels.NAME"),
        (r"^tool\.annotations", "tool.annotations.NAME"),
    ];
    known.iter().find(|(begin, _)| pattern.starts_with(begin)).map(|(_, name)| *name)
}

/// The definition that a schema refers to.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

/// Rules for prompts and resources are made of the same parts as those for tools.
fn plain(name: &str) -> &str {
    ["prompt_", "resource_"].iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

fn has_fields(schema: &Value, name: &str) -> bool {
    schema.get("properties").is_some_and(|fields| fields.get(name).is_some())
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn codes(values: &[Value]) -> String {
    values.iter().map(|one| format!("`{}`", text(Some(one)))).collect::<Vec<_>>().join(", ")
}

/// HTML in which parts in brackets lead to where they are told.
fn linked(kind: &str) -> String {
    let mut html = String::new();
    for (index, piece) in kind.split(['[', ']']).enumerate() {
        if index % 2 == 0 {
            html.push_str(&marked(piece));
        } else {
            let id = if piece == "path" { "paths" } else { piece };
            html.push_str(&format!("<a href=\"#{id}\">{}</a>", piece.replace('_', " ")));
        }
    }
    html
}

#[cfg(test)]
mod tests;
