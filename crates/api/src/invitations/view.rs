//! An invitation as those see it who sent it.

use jiff::Timestamp;
use model::{InvitationId, Role, Slug, UserId};
use serde::Serialize;
use store::Invitation;
use utoipa::ToSchema;

use crate::schema;

/// An invitation that has not been answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: InvitationId,
    /// The address that it went to.
    #[schema(example = "bob@example.com")]
    pub(super) email: String,
    /// The role to be.
    #[schema(value_type = schema::Role)]
    pub(super) role: Role,
    /// On this team only; throughout the organisation when `null`.
    #[schema(value_type = Option<String>, example = "payments")]
    pub(super) team: Option<Slug>,
    /// Who invited.
    #[schema(value_type = String)]
    pub(super) invited_by: UserId,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub(super) expires_at: Timestamp,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            role: invitation.role,
            team: invitation.team_slug,
            invited_by: invitation.invited_by,
            expires_at: invitation.expires_at,
            created_at: invitation.created_at,
        }
    }
}
