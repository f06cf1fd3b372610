//! Grants: one server under one policy, for an identity or for its whole team.

use jiff::Timestamp;
use model::{GrantId, IdentityId, PolicyId, ServerId, TeamId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, at_opt, time_opt};
use crate::{Error, OrgTx};

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// Its team.
    pub team: TeamId,
    /// Who holds it; `None` when the whole team does.
    pub identity: Option<IdentityId>,
    /// The server that it reaches.
    pub server: ServerId,
    /// The policy that rules; without one every call is refused.
    pub policy: Option<PolicyId>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A grant to be made.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// A fresh id.
    pub id: GrantId,
    /// Its team.
    pub team: TeamId,
    /// Who holds it; `None` for the whole team.
    pub identity: Option<IdentityId>,
    /// The server that it reaches.
    pub server: ServerId,
    /// The policy that rules; one of the same server.
    pub policy: Option<PolicyId>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// What to change; `None` leaves a thing as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct GrantChange {
    /// The policy that rules.
    pub policy: Option<Option<PolicyId>>,
    /// When it ends.
    pub expires_at: Option<Option<Timestamp>>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    team_id: Uuid,
    identity_id: Option<Uuid>,
    server_id: Uuid,
    policy_id: Option<Uuid>,
    expires_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for Grant {
    fn from(row: Row) -> Self {
        Self {
            id: GrantId::from_uuid(row.id),
            team: TeamId::from_uuid(row.team_id),
            identity: row.identity_id.map(IdentityId::from_uuid),
            server: ServerId::from_uuid(row.server_id),
            policy: row.policy_id.map(PolicyId::from_uuid),
            expires_at: time_opt(row.expires_at),
            revoked_at: time_opt(row.revoked_at),
            created_at: row.created_at.to_jiff(),
        }
    }
}

impl OrgTx {
    /// All grants of a team that are not revoked, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants(&mut self, team: TeamId) -> Result<Vec<Grant>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, team_id, identity_id, server_id, policy_id, expires_at, revoked_at, created_at
             from access_grant
             where team_id = $1
               and revoked_at is null
             order by id desc",
        )
        .bind(team.uuid())
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(Grant::from).collect())
    }

    /// A grant of a team, revoked or not.
    ///
    /// # Errors
    /// [`Error::Missing`] when the team has none of this id.
    pub async fn grant(&mut self, team: TeamId, id: GrantId) -> Result<Grant, Error> {
        let row: Option<Row> = sqlx::query_as(
            "select id, team_id, identity_id, server_id, policy_id, expires_at, revoked_at, created_at
             from access_grant
             where team_id = $1
               and id = $2",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(Grant::from).ok_or(Error::Missing("grant"))
    }

    /// Makes a grant. There is at most one that is not revoked for an identity, or a whole team, and a server.
    ///
    /// # Errors
    /// [`Conflict::Grant`](crate::Conflict::Grant) when there is one; [`Error::Missing`] when the identity is not of
    /// the team, the policy not of the server, or one of them is gone.
    pub async fn create_grant(&mut self, new: &NewGrant, now: Timestamp) -> Result<Grant, Error> {
        self.check_present(new).await?;
        let row: Row = sqlx::query_as(
            "insert into access_grant (id, org_id, team_id, identity_id, server_id, policy_id,
                                       expires_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             returning id, team_id, identity_id, server_id, policy_id, expires_at, revoked_at, created_at",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.team.uuid())
        .bind(new.identity.map(IdentityId::uuid))
        .bind(new.server.uuid())
        .bind(new.policy.map(PolicyId::uuid))
        .bind(at_opt(new.expires_at))
        .bind(at(now))
        .fetch_one(&mut *self.tx)
        .await?;
        self.touch_holder(new.identity);
        Ok(row.into())
    }

    /// Changes a grant that is not revoked.
    ///
    /// # Errors
    /// [`Error::Missing`] when the team has none of this id, or the policy is not one of the server.
    pub async fn update_grant(
        &mut self,
        team: TeamId,
        id: GrantId,
        change: &GrantChange,
    ) -> Result<Grant, Error> {
        let row: Row = sqlx::query_as(
            "update access_grant
             set policy_id = case when $3 then $4 else policy_id end,
                 expires_at = case when $5 then $6 else expires_at end
             where team_id = $1
               and id = $2
               and revoked_at is null
             returning id, team_id, identity_id, server_id, policy_id, expires_at, revoked_at, created_at",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .bind(change.policy.is_some())
        .bind(change.policy.flatten().map(PolicyId::uuid))
        .bind(change.expires_at.is_some())
        .bind(at_opt(change.expires_at.flatten()))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("grant"))?;
        let grant = Grant::from(row);
        self.touch_holder(grant.identity);
        Ok(grant)
    }

    /// Revokes a grant; once revoked it stays so, and revoking it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`] when the team has none of this id.
    pub async fn revoke_grant(&mut self, team: TeamId, id: GrantId, now: Timestamp) -> Result<Grant, Error> {
        let row: Row = sqlx::query_as(
            "update access_grant
             set revoked_at = coalesce(revoked_at, $3)
             where team_id = $1
               and id = $2
             returning id, team_id, identity_id, server_id, policy_id, expires_at, revoked_at, created_at",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .bind(at(now))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("grant"))?;
        let grant = Grant::from(row);
        self.touch_holder(grant.identity);
        Ok(grant)
    }

    /// Foreign keys see removed servers and identities too; people do not. Holds the rows until the commit, so that
    /// nobody removes them meanwhile.
    async fn check_present(&mut self, new: &NewGrant) -> Result<(), Error> {
        let server = sqlx::query("select from server where id = $1 and removed_at is null for share")
            .bind(new.server.uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        if server.is_none() {
            return Err(Error::Missing("server"));
        }
        let Some(identity) = new.identity else { return Ok(()) };
        let identity = sqlx::query("select from identity where id = $1 and removed_at is null for share")
            .bind(identity.uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        if identity.is_none() { Err(Error::Missing("identity")) } else { Ok(()) }
    }

    fn touch_holder(&mut self, identity: Option<IdentityId>) {
        match identity {
            Some(identity) => self.touch(identity),
            None => self.touch_all(),
        }
    }
}
