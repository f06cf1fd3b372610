//! `GET /v1/catalog/servers/{server}/tools/{tool}`

use axum::Json;
use axum::extract::State;
use catalog::{Class, Evidence, Signal, recommend};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::view::CatalogToolView;
use crate::extract::Path;
use crate::{Api, Problem, servers};

/// Names a tool of the catalogue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct CatalogToolParam {
    /// The `slug` of its server.
    #[param(example = "tickets")]
    server: String,
    /// Its exact name.
    #[param(example = "delete_ticket")]
    tool: String,
}

/// All that is known of a tool of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogDefinitionView {
    #[serde(flatten)]
    tool: CatalogToolView,
    /// Its title.
    title: Option<String>,
    /// What in the definition led to its class, strongest first.
    #[schema(value_type = Vec<servers::EvidenceView>)]
    evidence: Vec<Evidence>,
    /// What else to know about it, such as `takes_url` or `hidden_characters`.
    #[schema(value_type = Vec<String>)]
    signals: Vec<Signal>,
    /// A policy that suits it.
    #[schema(value_type = Object)]
    policy: serde_json::Value,
    /// The definition as its source gave it.
    #[schema(value_type = Object)]
    definition: Option<Box<RawValue>>,
    /// Whether it is whole, with the schema of its arguments.
    whole: bool,
    /// SHA-256 of the definition in canonical form, hexadecimal.
    hash: String,
    /// Where the definition was read.
    source: String,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When its present definition was first seen.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
    /// Since when its source does not list it; null while it does.
    #[schema(value_type = Option<String>, format = DateTime)]
    gone_at: Option<Timestamp>,
}

/// One tool of the catalogue: its class, the words that say so, the policy that suits it, and its definition.
#[utoipa::path(
    get,
    path = "/v1/catalog/servers/{server}/tools/{tool}",
    tag = "catalog",
    params(CatalogToolParam),
    responses((status = OK, description = "The tool", body = CatalogDefinitionView))
)]
pub(crate) async fn get_catalog_tool(
    State(api): State<Api>,
    Path(path): Path<CatalogToolParam>,
) -> Result<Json<CatalogDefinitionView>, Problem> {
    let store = &api.parts().store;
    let server = store.catalog_server(&path.server).await?;
    let found = store.catalog_tool(server.id, &path.tool).await?;
    let servers::Reasons { evidence, signals } = servers::Reasons::read(&found.reasons);
    let category = found.tool.category;
    let class = Class::found(category, found.tool.confidence);
    let policy = serde_json::to_value(recommend(&found.tool.name, &class)).map_err(Problem::internal)?;
    Ok(Json(CatalogDefinitionView {
        tool: found.tool.into(),
        title: found.title,
        evidence,
        signals,
        policy,
        definition: RawValue::from_string(found.definition).ok(),
        whole: found.whole,
        hash: store::hexadecimal(&found.hash),
        source: found.source,
        first_seen_at: found.first_seen_at,
        changed_at: found.changed_at,
        gone_at: found.gone_at,
    }))
}
