//! Identities of a team: the people, agents and services that call tools.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{IdentityId, IdentityKind, TeamId};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::column::{at, named};
use crate::{Error, OrgTx};

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Its team.
    pub team: TeamId,
    /// Its name, unique in the team.
    pub label: String,
    /// What sort of caller it is.
    pub kind: IdentityKind,
    /// The person's address, where there is one.
    pub email: Option<String>,
    /// Free labels that policies may ask for.
    pub labels: BTreeMap<String, String>,
    /// False once it is switched off.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An identity to be made.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// A fresh id.
    pub id: IdentityId,
    /// Its team.
    pub team: TeamId,
    /// Its name, unique in the team.
    pub label: String,
    /// What sort of caller it is.
    pub kind: IdentityKind,
    /// The person's address, where there is one.
    pub email: Option<String>,
    /// Free labels that policies may ask for.
    pub labels: BTreeMap<String, String>,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct IdentityChange {
    /// Its name.
    pub label: Option<String>,
    /// What sort of caller it is.
    pub kind: Option<IdentityKind>,
    /// The person's address; `Some(None)` takes it away.
    pub email: Option<Option<String>>,
    /// All free labels.
    pub labels: Option<BTreeMap<String, String>>,
    /// Whether it may call.
    pub enabled: Option<bool>,
}

/// What an identity is like, as policies may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Its name.
    pub label: String,
    /// What sort of caller it is.
    pub kind: IdentityKind,
    /// The person's address, where there is one.
    pub email: Option<String>,
    /// Free labels.
    pub labels: BTreeMap<String, String>,
    /// Since when it is like that; `None`: since it was made.
    pub described_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct CallerRow {
    id: Uuid,
    label: String,
    kind: String,
    email: Option<String>,
    labels: Json<BTreeMap<String, String>>,
    described_at: Option<jiff_sqlx::Timestamp>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    team_id: Uuid,
    label: String,
    kind: String,
    email: Option<String>,
    labels: Json<BTreeMap<String, String>>,
    enabled: bool,
    created_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Identity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: IdentityId::from_uuid(row.id),
            team: TeamId::from_uuid(row.team_id),
            label: row.label,
            kind: named("identity", &row.kind, IdentityKind::named)?,
            email: row.email,
            labels: row.labels.0,
            enabled: row.enabled,
            created_at: row.created_at.to_jiff(),
        })
    }
}

impl OrgTx {
    /// All identities of a team, by label.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn identities(&mut self, team: TeamId) -> Result<Vec<Identity>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, team_id, label, kind, email, labels, enabled, created_at
             from identity
             where team_id = $1
               and removed_at is null
             order by label",
        )
        .bind(team.uuid())
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Identity::try_from).collect()
    }

    /// An identity of a team.
    ///
    /// # Errors
    /// [`Error::Missing`] when the team has none of this id.
    pub async fn identity(&mut self, team: TeamId, id: IdentityId) -> Result<Identity, Error> {
        sqlx::query_as::<_, Row>(
            "select id, team_id, label, kind, email, labels, enabled, created_at
             from identity
             where team_id = $1
               and id = $2
               and removed_at is null",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("identity"))?
        .try_into()
    }

    /// The identity of this label in a team, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn identity_labelled(&mut self, team: TeamId, label: &str) -> Result<Option<Identity>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "select id, team_id, label, kind, email, labels, enabled, created_at
             from identity
             where team_id = $1
               and label = $2
               and removed_at is null",
        )
        .bind(team.uuid())
        .bind(label)
        .fetch_optional(&mut *self.tx)
        .await?;
        row.map(Identity::try_from).transpose()
    }

    /// Makes an identity.
    ///
    /// # Errors
    /// [`Conflict::IdentityLabel`](crate::Conflict::IdentityLabel) when the label is taken; [`Error::Missing`] when
    /// there is no such team.
    pub async fn create_identity(&mut self, new: &NewIdentity, now: Timestamp) -> Result<Identity, Error> {
        sqlx::query_as::<_, Row>(
            "insert into identity (id, org_id, team_id, label, kind, email, labels, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             returning id, team_id, label, kind, email, labels, enabled, created_at",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.team.uuid())
        .bind(&new.label)
        .bind(new.kind.as_str())
        .bind(&new.email)
        .bind(Json(&new.labels))
        .bind(at(now))
        .fetch_one(&mut *self.tx)
        .await?
        .try_into()
    }

    /// Changes an identity; its bundle is stale afterwards.
    ///
    /// # Errors
    /// As [`OrgTx::create_identity`]; [`Error::Missing`] when the team has none of this id.
    pub async fn update_identity(
        &mut self,
        team: TeamId,
        id: IdentityId,
        change: &IdentityChange,
        now: Timestamp,
    ) -> Result<Identity, Error> {
        let row: Row = sqlx::query_as(
            "update identity
             set described_at = case
                   when (coalesce($3, label), coalesce($4, kind), case when $5 then $6 else email end,
                         coalesce($7, labels)) is distinct from (label, kind, email, labels)
                   then $9
                   else described_at
                 end,
                 label = coalesce($3, label),
                 kind = coalesce($4, kind),
                 email = case when $5 then $6 else email end,
                 labels = coalesce($7, labels),
                 enabled = coalesce($8, enabled)
             where team_id = $1
               and id = $2
               and removed_at is null
             returning id, team_id, label, kind, email, labels, enabled, created_at",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .bind(&change.label)
        .bind(change.kind.map(IdentityKind::as_str))
        .bind(change.email.is_some())
        .bind(change.email.as_ref().and_then(Option::as_ref))
        .bind(change.labels.as_ref().map(Json))
        .bind(change.enabled)
        .bind(at(now))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("identity"))?;
        self.touch(id);
        row.try_into()
    }

    /// What these identities are like, removed ones too; ids may repeat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn callers(
        &mut self,
        ids: impl IntoIterator<Item = IdentityId>,
    ) -> Result<BTreeMap<IdentityId, Caller>, Error> {
        let ids: Vec<Uuid> = ids.into_iter().map(IdentityId::uuid).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<CallerRow> = sqlx::query_as(
            "select id, label, kind, email, labels, described_at
             from identity
             where id = any ($1)",
        )
        .bind(ids)
        .fetch_all(&mut *self.tx)
        .await?;
        let caller = |row: CallerRow| {
            let caller = Caller {
                label: row.label,
                kind: named("identity", &row.kind, IdentityKind::named)?,
                email: row.email,
                labels: row.labels.0,
                described_at: row.described_at.map(jiff_sqlx::Timestamp::to_jiff),
            };
            Ok((IdentityId::from_uuid(row.id), caller))
        };
        rows.into_iter().map(caller).collect()
    }

    /// Removes an identity: its tokens and grants are revoked and its label is free again.
    ///
    /// # Errors
    /// [`Error::Missing`] when the team has none of this id.
    pub async fn remove_identity(
        &mut self,
        team: TeamId,
        id: IdentityId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let removed = sqlx::query(
            "update identity
             set removed_at = $3, enabled = false
             where team_id = $1
               and id = $2
               and removed_at is null",
        )
        .bind(team.uuid())
        .bind(id.uuid())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        if removed.rows_affected() == 0 {
            return Err(Error::Missing("identity"));
        }
        for revoke in [
            "update token set revoked_at = $2 where identity_id = $1 and revoked_at is null",
            "update access_grant set revoked_at = $2 where identity_id = $1 and revoked_at is null",
        ] {
            sqlx::query(revoke).bind(id.uuid()).bind(at(now)).execute(&mut *self.tx).await?;
        }
        self.touch(id);
        Ok(())
    }
}
