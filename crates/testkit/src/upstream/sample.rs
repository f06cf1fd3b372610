//! The least value that fits a JSON Schema: clients check results against a tool's `outputSchema`.

use serde_json::{Map, Value, json};

/// Schemas nested deeper than this are answered with `null`.
const MAX_DEPTH: usize = 16;

/// A value for `schema`, whose `$ref`s point into `root`.
pub(super) fn sample(root: &Value) -> Value {
    of(root, root, 0)
}

fn of(schema: &Value, root: &Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    if let Some(target) =
        schema.get("$ref").and_then(Value::as_str).and_then(|r| root.pointer(r.strip_prefix('#')?))
    {
        return of(target, root, depth + 1);
    }
    if let Some(fixed) =
        schema.get("const").or_else(|| schema.pointer("/enum/0")).or_else(|| schema.get("default"))
    {
        return fixed.clone();
    }
    if let Some(branch) =
        ["/anyOf/0", "/oneOf/0", "/allOf/0"].into_iter().find_map(|path| schema.pointer(path))
    {
        return of(branch, root, depth + 1);
    }
    match schema.get("type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str())) {
        Some("object") => object(schema, root, depth),
        Some("array") => array(schema, root, depth),
        Some("boolean") => json!(true),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("null") => Value::Null,
        _ => json!("text"),
    }
}

fn object(schema: &Value, root: &Value, depth: usize) -> Value {
    let required =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let members: Map<String, Value> = required
        .map(|name| {
            let member = schema.get("properties").and_then(|all| all.get(name)).unwrap_or(&Value::Null);
            (name.to_owned(), of(member, root, depth + 1))
        })
        .collect();
    Value::Object(members)
}

fn array(schema: &Value, root: &Value, depth: usize) -> Value {
    let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
    let item = schema.get("items").unwrap_or(&Value::Null);
    (0..least).map(|_| of(item, root, depth + 1)).collect()
}
