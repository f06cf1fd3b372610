//! `GET /v1/orgs/{org}/servers/{server}/tools`

use axum::Json;
use jiff::Timestamp;
use model::Permission;
use serde::Serialize;
use serde_json::value::RawValue;
use store::Tool;
use utoipa::ToSchema;

use super::class::ClassView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// All tools of a server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToolsView {
    /// By name.
    tools: Vec<ToolView>,
}

/// A tool.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToolView {
    /// Its exact name.
    name: String,
    /// The definition as the server gave it.
    #[schema(value_type = Object)]
    definition: Option<Box<RawValue>>,
    /// SHA-256 of the definition in canonical form, hexadecimal.
    hash: String,
    /// The class in force, where one is known.
    #[serde(flatten)]
    class: ClassView,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When it was last seen.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// When this definition was first seen.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

impl From<Tool> for ToolView {
    fn from(tool: Tool) -> Self {
        let class = ClassView::of(&tool);
        Self {
            name: tool.name,
            definition: RawValue::from_string(tool.definition).ok(),
            hash: tool.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            class,
            first_seen_at: tool.first_seen_at,
            last_seen_at: tool.last_seen_at,
            changed_at: tool.changed_at,
        }
    }
}

/// The tools that a server listed when it was last asked.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/tools",
    tag = "servers",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = ToolsView))
)]
pub(crate) async fn list_tools(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<Json<ToolsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let tools = tx.tools(server.id).await?;
    Ok(Json(ToolsView { tools: tools.into_iter().map(ToolView::from).collect() }))
}
