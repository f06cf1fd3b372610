//! Teams: where identities live and gateway addresses point.

use jiff::Timestamp;
use model::{Slug, TeamId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, parsed};
use crate::{Conflict, Error, OrgTx};

/// A team of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// False once it is switched off.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A team to be made.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// A fresh id.
    pub id: TeamId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct TeamChange {
    /// Its name for people.
    pub name: Option<String>,
    /// Its name in addresses, those of its gateway included.
    pub slug: Option<Slug>,
    /// Whether its identities may call.
    pub enabled: Option<bool>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    enabled: bool,
    created_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Team {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: TeamId::from_uuid(row.id),
            slug: parsed("team", &row.slug)?,
            name: row.name,
            enabled: row.enabled,
            created_at: row.created_at.to_jiff(),
        })
    }
}

impl OrgTx {
    /// All teams, by slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn teams(&mut self) -> Result<Vec<Team>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, slug, name, enabled, created_at
             from team
             where removed_at is null
             order by slug",
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Team::try_from).collect()
    }

    /// The team of this slug.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn team(&mut self, slug: &Slug) -> Result<Team, Error> {
        sqlx::query_as::<_, Row>(
            "select id, slug, name, enabled, created_at
             from team
             where slug = $1
               and removed_at is null",
        )
        .bind(slug.as_str())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("team"))?
        .try_into()
    }

    /// Makes a team.
    ///
    /// # Errors
    /// [`Conflict::TeamSlug`](crate::Conflict::TeamSlug) when the slug is taken.
    pub async fn create_team(&mut self, new: &NewTeam, now: Timestamp) -> Result<Team, Error> {
        sqlx::query_as::<_, Row>(
            "insert into team (id, org_id, slug, name, created_at)
             values ($1, $2, $3, $4, $5)
             returning id, slug, name, enabled, created_at",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.slug.as_str())
        .bind(&new.name)
        .bind(at(now))
        .fetch_one(&mut *self.tx)
        .await?
        .try_into()
    }

    /// Changes a team. Gateways hear of it.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none; [`Conflict::TeamSlug`] when the slug is taken.
    pub async fn update_team(&mut self, id: TeamId, change: &TeamChange) -> Result<Team, Error> {
        let row: Row = sqlx::query_as(
            "update team
             set name = coalesce($2, name),
                 slug = coalesce($3, slug),
                 enabled = coalesce($4, enabled)
             where id = $1
               and removed_at is null
             returning id, slug, name, enabled, created_at",
        )
        .bind(id.uuid())
        .bind(&change.name)
        .bind(change.slug.as_ref().map(Slug::as_str))
        .bind(change.enabled)
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("team"))?;
        self.touch_all();
        row.try_into()
    }

    /// Removes a team that nobody calls through any more: roles on it end, and so do invitations to it. Its name is free
    /// again.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none; [`Conflict::TeamInUse`] while it has identities or grants;
    /// [`Conflict::LastTeam`] when it is the only one.
    pub async fn remove_team(&mut self, id: TeamId, now: Timestamp) -> Result<(), Error> {
        self.lock_org().await?;
        let (known, in_use, others): (bool, bool, bool) = sqlx::query_as(
            "select exists (select from team where id = $1 and removed_at is null),
                    exists (select from identity where team_id = $1 and removed_at is null)
                      or exists (select from access_grant where team_id = $1 and revoked_at is null),
                    exists (select from team where id <> $1 and removed_at is null)",
        )
        .bind(id.uuid())
        .fetch_one(&mut *self.tx)
        .await?;
        match (known, in_use, others) {
            (false, ..) => return Err(Error::Missing("team")),
            (true, true, _) => return Err(Error::Conflict(Conflict::TeamInUse)),
            (true, false, false) => return Err(Error::Conflict(Conflict::LastTeam)),
            (true, false, true) => {}
        }
        sqlx::query("update team set removed_at = $2 where id = $1")
            .bind(id.uuid())
            .bind(at(now))
            .execute(&mut *self.tx)
            .await?;
        sqlx::query("delete from membership where team_id = $1")
            .bind(id.uuid())
            .execute(&mut *self.tx)
            .await?;
        sqlx::query(
            "update invitation
             set settled_at = $2, outcome = 'revoked'
             where team_id = $1
               and settled_at is null",
        )
        .bind(id.uuid())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        self.touch_all();
        Ok(())
    }
}
