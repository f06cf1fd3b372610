//! `GET /v1/orgs/{org}/servers/{server}/tools`

use axum::Json;
use jiff::Timestamp;
use model::{Permission, UserId};
use serde::Serialize;
use serde_json::value::RawValue;
use store::Tool;
use utoipa::ToSchema;

use super::class::ClassView;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{OrgParam, ServerParam};
use crate::{Problem, cursor, schema};

/// Tools of a server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToolsView {
    /// By name.
    pub(super) tools: Vec<ToolView>,
    /// `cursor` of the next page; null on the last.
    pub(super) next_cursor: Option<String>,
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
    /// Whether this definition was accepted: `accepted`; `changed` since another one was; or `new`, and none ever was.
    #[schema(value_type = schema::DefinitionState)]
    state: &'static str,
    /// The definition that was accepted, where that is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<AcceptedDefinitionView>,
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

/// A definition that was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedDefinitionView {
    /// The definition as the server gave it then.
    #[schema(value_type = Object)]
    definition: Option<Box<RawValue>>,
    /// When it was accepted.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom; absent when the server listed it as it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    by: Option<UserId>,
}

impl From<Tool> for ToolView {
    fn from(tool: Tool) -> Self {
        let class = ClassView::of(&tool);
        let state = match &tool.accepted {
            None => "new",
            Some(accepted) if accepted.hash == tool.hash => "accepted",
            Some(_) => "changed",
        };
        let accepted = tool.accepted.filter(|accepted| accepted.hash != tool.hash);
        Self {
            name: tool.name,
            definition: RawValue::from_string(tool.definition).ok(),
            hash: store::hexadecimal(&tool.hash),
            state,
            accepted: accepted.map(|accepted| AcceptedDefinitionView {
                definition: RawValue::from_string(accepted.definition).ok(),
                at: accepted.at,
                by: accepted.author,
            }),
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
    params(OrgParam, ServerParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = ToolsView))
)]
pub(crate) async fn list_tools(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Query(query): Query<PageQuery>,
) -> Result<Json<ToolsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let (limit, after) = (query.limit()?, query.after_name()?.unwrap_or_default());
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let tools = tx.tools_after(server.id, &after, limit.asked()).await?;
    let (tools, next_cursor) = limit.cut(tools, |tool| cursor::of_text(&tool.name));
    Ok(Json(ToolsView { tools: tools.into_iter().map(ToolView::from).collect(), next_cursor }))
}
