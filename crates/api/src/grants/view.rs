//! A grant as the API shows it, with names in place of ids where people use names.

use jiff::Timestamp;
use model::{GrantId, IdentityId, Slug};
use serde::Serialize;
use store::{Grant, Labels, OrgTx, Team};
use utoipa::ToSchema;

use crate::Problem;
use crate::extract::OrgAccess;

/// A grant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantView {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: GrantId,
    /// Who holds it; the whole team when `null`.
    #[schema(value_type = Option<String>)]
    identity: Option<IdentityId>,
    /// The holder's label.
    #[schema(example = "alice-laptop")]
    identity_label: Option<String>,
    /// The server that it reaches.
    #[schema(value_type = String, example = "binance-mcp")]
    server: Option<Slug>,
    /// The server's policy that rules; every call is refused when `null`.
    #[schema(value_type = Option<String>, example = "main")]
    policy: Option<Slug>,
    /// Whether it holds now.
    status: GrantStatus,
    /// Where the holder's MCP clients reach this server.
    #[schema(example = "https://gate.example/t/acme/default/mcp/binance-mcp")]
    gateway_url: Option<String>,
    /// When it ends; never when `null`.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// Whether a grant holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GrantStatus {
    /// It does.
    Active,
    /// It has ended by itself.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl GrantView {
    /// One grant, with its names looked up.
    pub(super) async fn load(
        access: &OrgAccess,
        tx: &mut OrgTx,
        team: &Team,
        grant: Grant,
    ) -> Result<Self, Problem> {
        let labels = tx.labels(grant.identity, [grant.server], grant.policy).await?;
        Ok(Self::of(access, team, &labels, grant))
    }

    /// A grant of `team`.
    pub(super) fn of(access: &OrgAccess, team: &Team, labels: &Labels, grant: Grant) -> Self {
        let server = labels.servers.get(&grant.server).cloned();
        let base = access.api().gateway_url(access.slug(), &team.slug);
        Self {
            id: grant.id,
            identity: grant.identity,
            identity_label: grant.identity.and_then(|id| labels.identities.get(&id).cloned()),
            gateway_url: server.as_ref().map(|server| format!("{base}/{server}")),
            server,
            policy: grant.policy.and_then(|id| labels.policies.get(&id).cloned()),
            status: status(&grant, access.api().now()),
            expires_at: grant.expires_at,
            revoked_at: grant.revoked_at,
            created_at: grant.created_at,
        }
    }
}

fn status(grant: &Grant, now: Timestamp) -> GrantStatus {
    match (grant.revoked_at, grant.expires_at) {
        (Some(_), _) => GrantStatus::Revoked,
        (None, Some(end)) if end <= now => GrantStatus::Expired,
        (None, _) => GrantStatus::Active,
    }
}
