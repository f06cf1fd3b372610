//! The class of a tool as the API shows it: what was found, why, and what an administrator says instead.

use catalog::{Class, Definition, Evidence, Server, Signal, classify};
use jiff::Timestamp;
use model::UserId;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::{ClassOverride, FoundClass, Tool};
use utoipa::ToSchema;

use crate::schema;

/// The class of a tool.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassView {
    /// What it does, where that is known: the class that rules go by.
    #[schema(value_type = Option<schema::Category>)]
    category: Option<policy::Category>,
    /// How bad a careless call would be; follows from the category.
    #[schema(value_type = Option<schema::Risk>)]
    risk: Option<&'static str>,
    /// How sure the rules of the catalogue are of the category that they found, from 0 to 1.
    confidence: Option<f64>,
    /// What in the definition led them there, strongest first.
    #[schema(value_type = Vec<EvidenceView>)]
    evidence: Vec<Evidence>,
    /// What else to know about it, such as `takes_url` or `hidden_characters`.
    #[schema(value_type = Vec<String>)]
    signals: Vec<Signal>,
    /// What an administrator says instead.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    overridden: Option<OverrideView>,
}

/// A place in a tool's definition and what it means, for the OpenAPI document.
#[derive(ToSchema)]
#[schema(as = Evidence)]
#[expect(dead_code, reason = "only its schema is used; the catalogue's types know nothing of OpenAPI")]
pub(crate) struct EvidenceView {
    /// `name`, `description`, or a path into the definition.
    field: String,
    /// The words themselves.
    quote: String,
    /// What they mean, such as `destroys`.
    signal: String,
}

/// What an administrator says of a tool.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OverrideView {
    /// What it does.
    #[schema(value_type = schema::Category)]
    category: policy::Category,
    /// Why.
    reason: String,
    /// Who said so.
    #[schema(value_type = Option<String>)]
    author: Option<UserId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether the definition has changed since. Then the worse of both classes is in force.
    outdated: bool,
}

/// What is kept beside a class that was found.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reasons {
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) signals: Vec<Signal>,
}

impl Reasons {
    /// What another version of the rules wrote may not be understood; then there are none.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    fn of(found: Option<&FoundClass>) -> Self {
        found.map(|found| Self::read(&found.reasons)).unwrap_or_default()
    }
}

impl ClassView {
    pub(super) fn of(tool: &Tool) -> Self {
        let Reasons { evidence, signals } = Reasons::of(tool.found.as_ref());
        Self {
            category: tool.category,
            risk: tool.category.map(policy::Category::risk),
            confidence: tool.found.as_ref().map(|found| found.confidence),
            evidence,
            signals,
            overridden: tool.overridden.as_ref().map(OverrideView::from),
        }
    }
}

impl From<&ClassOverride> for OverrideView {
    fn from(overridden: &ClassOverride) -> Self {
        Self {
            category: overridden.category,
            reason: overridden.reason.clone(),
            author: overridden.author,
            at: overridden.at,
            outdated: overridden.outdated,
        }
    }
}

/// The class in force, as recommendations take it. A tool listed before there were classes is classified now.
pub(super) fn in_force(tool: &Tool) -> Class {
    let found = tool.found.as_ref().map_or_else(
        || classified(tool),
        |found| {
            let Reasons { evidence, signals } = Reasons::of(Some(found));
            let risk = found.category.risk().to_owned();
            Class { category: found.category, risk, confidence: found.confidence, evidence, signals }
        },
    );
    match tool.category {
        Some(category) if category != found.category => {
            let risk = category.risk().to_owned();
            Class { category, risk, confidence: 1.0, evidence: Vec::new(), ..found }
        }
        _ => found,
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Said<'a> {
    description: Option<String>,
    #[serde(borrow)]
    input_schema: Option<&'a RawValue>,
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
}

fn classified(tool: &Tool) -> Class {
    let said: Said<'_> = serde_json::from_str(&tool.definition).unwrap_or_default();
    let definition = Definition {
        name: &tool.name,
        description: said.description.as_deref(),
        input_schema: said.input_schema.map(RawValue::get),
        annotations: said.annotations.map(RawValue::get),
    };
    classify(&definition, &Server::default())
}
