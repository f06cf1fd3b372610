//! The operations of the API, out of its OpenAPI document.

use askama::Template;
use serde::Serialize;
use serde_json::{Value, json};

use super::markdown::Section;
use super::{Made, marked};

/// The document in git, which tests hold to the one that is served.
const DOCUMENT: &str = include_str!("../../../../openapi.json");
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Operations on one subject.
#[derive(Serialize)]
struct Subject {
    name: String,
    #[serde(skip)]
    id: String,
    what: String,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    method: String,
    path: String,
    summary: String,
    #[serde(skip)]
    html: String,
    /// Who may ask: anyone, people who are signed in, and API keys with a scope.
    who: String,
}

#[derive(Template)]
#[template(path = "operations.html")]
struct Operations<'a> {
    subjects: &'a [Subject],
}

/// All operations by their subject, in the order of the document.
pub(super) fn made() -> Made {
    let document: Value = serde_json::from_str(DOCUMENT).unwrap_or_default();
    let tags = document.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let subjects: Vec<Subject> = tags
        .iter()
        .map(|tag| {
            let name = text(tag.get("name"));
            Subject {
                id: format!("tag-{name}"),
                what: text(tag.get("description")),
                operations: operations(&document, &name),
                name,
            }
        })
        .filter(|subject| !subject.operations.is_empty())
        .collect();
    let html = Operations { subjects: &subjects }.render().unwrap_or_default();
    let sections = subjects
        .iter()
        .map(|subject| Section { id: subject.id.clone(), title: subject.what.clone() })
        .collect();
    Made { html, sections, facts: json!({ "subjects": subjects }) }
}

fn operations(document: &Value, tag: &str) -> Vec<Operation> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let each = paths.flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| Some((path, method, item.get(method)?)))
    });
    let on_it =
        each.filter(|(_, _, operation)| operation.pointer("/tags/0").and_then(Value::as_str) == Some(tag));
    on_it
        .map(|(path, method, operation)| {
            let summary = text(operation.get("summary")).replace('\n', " ");
            Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                html: marked(&summary),
                who: who(operation.get("security")),
                summary,
            }
        })
        .collect()
}

fn who(security: Option<&Value>) -> String {
    let Some(ways) = security.and_then(Value::as_array) else { return "anyone".to_owned() };
    let keys: Vec<String> = ways
        .iter()
        .filter_map(|way| way.get("key")?.as_array())
        .map(|scopes| scopes.iter().map(|scope| text(Some(scope))).collect::<Vec<_>>().join(" and "))
        .collect();
    match keys.first() {
        None => "people".to_owned(),
        Some(scopes) if scopes.is_empty() => "people, any key".to_owned(),
        Some(_) => format!("people, keys with {}", keys.join(", or ")),
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_document_is_listed_once_with_who_may_ask() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let served: usize = paths.values().map(|item| item.as_object().unwrap().len()).sum();
        let facts = made().facts;
        let subjects = facts["subjects"].as_array().unwrap();
        let operations: Vec<&Value> =
            subjects.iter().flat_map(|subject| subject["operations"].as_array().unwrap()).collect();
        assert_eq!(operations.len(), served);
        let who = |path: &str, method: &str| {
            let one = operations.iter().find(|one| one["path"] == path && one["method"] == method);
            one.unwrap()["who"].as_str().unwrap().to_owned()
        };
        assert_eq!(who("/v1/installation", "GET"), "anyone");
        assert_eq!(who("/v1/orgs/{org}/members", "GET"), "people");
        assert_eq!(who("/v1/orgs/{org}/servers", "POST"), "people, keys with servers");
        assert_eq!(
            who("/v1/orgs/{org}/servers/{server}/replay", "POST"),
            "people, keys with policies and values"
        );
    }
}
