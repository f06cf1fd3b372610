//! Teams: where identities live and gateway addresses point.

use jiff::Timestamp;
use model::{Slug, TeamId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, parsed};
use crate::{Error, OrgTx};

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
             where slug = $1",
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
}
