//! A member as the API shows it.

use jiff::Timestamp;
use model::{Role, Slug, UserId};
use serde::Serialize;
use store::{Member, TeamRole};
use utoipa::ToSchema;

use crate::schema;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberView {
    /// The account's id.
    #[schema(value_type = String)]
    pub(super) user: UserId,
    /// Its address.
    #[schema(example = "alice@example.com")]
    email: String,
    /// The role throughout the organisation; `null` for somebody who is on teams only.
    #[schema(value_type = Option<schema::Role>)]
    role: Option<Role>,
    /// Roles on single teams.
    teams: Vec<TeamRoleView>,
    /// When they joined.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
}

/// A role on one team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamRoleView {
    /// The team's name.
    #[schema(value_type = String, example = "payments")]
    team: Slug,
    /// What may be done there.
    #[schema(value_type = schema::Role)]
    role: Role,
}

impl From<TeamRole> for TeamRoleView {
    fn from(on: TeamRole) -> Self {
        Self { team: on.slug, role: on.role }
    }
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            user: member.user,
            email: member.email,
            role: member.role,
            teams: member.on_teams.into_iter().map(TeamRoleView::from).collect(),
            since: member.since,
        }
    }
}
