//! Which organisations a person belongs to, and as what. Asked before any organisation is known, so these look-ups
//! run under the person's own id: row security shows them their memberships and nothing else.

use std::collections::BTreeMap;

use model::{OrgId, Role, Slug, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{named, parsed};
use crate::{Error, Store};

/// A person's place in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub org: OrgId,
    /// Its name in addresses.
    pub org_slug: Slug,
    /// What the person may do there.
    pub role: Role,
    /// The organisation's teams, by slug.
    pub teams: Vec<Slug>,
}

#[derive(FromRow)]
struct Row {
    org_id: Uuid,
    slug: String,
    role: String,
}

#[derive(FromRow)]
struct TeamRow {
    org_id: Uuid,
    slug: String,
}

impl Store {
    /// All memberships of a person, by the organisation's slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, Error> {
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        let rows: Vec<Row> = sqlx::query_as(
            "select membership.org_id, org.slug, membership.role
             from membership
             join org on org.id = membership.org_id
             where membership.user_id = $1
             order by org.slug",
        )
        .bind(user.uuid())
        .fetch_all(&mut *tx)
        .await?;
        let team_rows: Vec<TeamRow> =
            sqlx::query_as("select org_id, slug from team order by slug").fetch_all(&mut *tx).await?;
        let mut teams: BTreeMap<Uuid, Vec<Slug>> = BTreeMap::new();
        for row in team_rows {
            teams.entry(row.org_id).or_default().push(parsed("team", &row.slug)?);
        }
        rows.into_iter()
            .map(|row| {
                Ok(Membership {
                    org: OrgId::from_uuid(row.org_id),
                    org_slug: parsed("org", &row.slug)?,
                    role: named("membership", &row.role, Role::named)?,
                    teams: teams.remove(&row.org_id).unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The organisation of this slug and the person's role in it; `None` when it does not exist or the person is not
    /// a member, which look the same.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn membership(&self, user: UserId, org: &Slug) -> Result<Option<(OrgId, Role)>, Error> {
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        let row: Option<Row> = sqlx::query_as(
            "select membership.org_id, org.slug, membership.role
             from membership
             join org on org.id = membership.org_id
             where membership.user_id = $1
               and org.slug = $2",
        )
        .bind(user.uuid())
        .bind(org.as_str())
        .fetch_optional(&mut *tx)
        .await?;
        row.map(|row| Ok((OrgId::from_uuid(row.org_id), named("membership", &row.role, Role::named)?)))
            .transpose()
    }
}
