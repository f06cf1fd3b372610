//! A team as the API shows it.

use jiff::Timestamp;
use model::{Slug, TeamId};
use serde::Serialize;
use store::Team;
use utoipa::ToSchema;

use crate::extract::OrgAccess;

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamView {
    /// Its id.
    #[schema(value_type = String)]
    id: TeamId,
    /// Its name in addresses.
    #[schema(value_type = String, example = "default")]
    slug: Slug,
    /// Its name for people.
    name: String,
    /// False once it is switched off.
    enabled: bool,
    /// Where the team's MCP clients connect; `/{server}` follows for one server.
    #[schema(example = "https://gate.example/t/acme/default/mcp")]
    gateway_url: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl TeamView {
    pub(super) fn of(access: &OrgAccess, team: Team) -> Self {
        Self {
            gateway_url: access.api().gateway_url(access.slug(), &team.slug),
            id: team.id,
            slug: team.slug,
            name: team.name,
            enabled: team.enabled,
            created_at: team.created_at,
        }
    }
}
