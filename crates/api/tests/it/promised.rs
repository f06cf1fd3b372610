//! What the OpenAPI document promises of an answer: every answer that a test gets is held against it, to the member.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(api::openapi_json()).unwrap());
/// The schemas, each saying of every object in it that it has no other members.
static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let mut schemas = DOCUMENT["components"]["schemas"].clone();
    schemas.as_object_mut().unwrap().values_mut().for_each(close_parts);
    schemas
});
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails when the document does not tell of such an answer.
pub(crate) fn check(method: &Method, path: &str, status: StatusCode, text: &str) {
    let Some(operation) = operation(method, path) else { return };
    let responses = &operation["responses"];
    let response = responses.get(status.as_str()).unwrap_or(&responses["default"]);
    let name = &operation["operationId"];
    assert!(
        status.is_client_error() || status.is_server_error() || responses.get(status.as_str()).is_some(),
        "{name} promises no {status}"
    );
    let Some(content) = response["content"].as_object() else {
        assert!(text.is_empty(), "{name} promises nothing with {status}: {text}");
        return;
    };
    let Some(schema) = content.get("application/json").or_else(|| content.get("application/problem+json"))
    else {
        return;
    };
    let validator = validator(&format!("{name} {status}"), &schema["schema"]);
    let answer: Value = serde_json::from_str(text).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(&answer).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{name} {status} promises otherwise: {faults:#?} of {answer:#}");
}

/// The operation that a request is for; of several the one with most of its path spelled out.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let names: Vec<&str> = template.split('/').collect();
        let mut pairs = names.iter().zip(&parts);
        let is_it =
            names.len() == parts.len() && pairs.all(|(name, part)| name.starts_with('{') || name == part);
        is_it.then(|| names.iter().filter(|name| !name.starts_with('{')).count())
    };
    let paths = DOCUMENT["paths"].as_object().unwrap().iter();
    let (_, item) = paths
        .filter_map(|(template, item)| Some((fits(template)?, item)))
        .max_by_key(|(spelled_out, _)| *spelled_out)?;
    item.get(method.as_str().to_lowercase())
}

fn validator(name: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let make = || {
        let mut schema = schema.clone();
        close(&mut schema);
        schema["components"] = json!({ "schemas": Map::from_iter(needed(&schema)) });
        Arc::new(jsonschema::draft202012::new(&schema).unwrap())
    };
    Arc::clone(known.entry(name.to_owned()).or_insert_with(make))
}

/// The schemas that one names, and those that they name.
fn needed(schema: &Value) -> HashMap<String, Value> {
    let mut found = HashMap::new();
    let mut open = vec![schema];
    while let Some(next) = open.pop() {
        match next {
            Value::Object(members) => {
                if let Some(name) =
                    members.get("$ref").and_then(Value::as_str).and_then(|at| at.rsplit('/').next())
                    && !found.contains_key(name)
                {
                    found.insert(name.to_owned(), SCHEMAS[name].clone());
                    open.push(&SCHEMAS[name]);
                }
                open.extend(members.values());
            }
            Value::Array(elements) => open.extend(elements),
            _ => {}
        }
    }
    found
}

/// Says that nothing is in an object but what the schema names, unless it is one of which nothing is said.
fn close(schema: &mut Value) {
    close_parts(schema);
    if !is_free(schema) && schema.get("additionalProperties").is_none() {
        schema["unevaluatedProperties"] = false.into();
    }
}

fn close_parts(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(close);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner).filter(|inner| inner.is_object()) {
            close(inner);
        }
    }
    for branches in ["oneOf", "allOf"] {
        if let Some(branches) = schema.get_mut(branches).and_then(Value::as_array_mut) {
            branches.iter_mut().for_each(close_parts);
        }
    }
}

/// Whether an object may have any members.
fn is_free(schema: &Value) -> bool {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
        return is_free(&DOCUMENT["components"]["schemas"][name]);
    }
    if let Some(branches) = schema["oneOf"].as_array().or_else(|| schema["allOf"].as_array()) {
        return branches.iter().any(is_free);
    }
    let may_be_object = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == "object"),
        Some(name) => name == "object",
        None => true,
    };
    may_be_object && schema.get("properties").is_none()
}
