//! Which organisations a person belongs to, and as what. Asked before any organisation is known, so these look-ups
//! run under the person's own id: row security shows them their memberships and nothing else.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{OrgId, Role, Slug, TeamId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{named, parsed, time_opt};
use crate::{Error, Store};

/// A person's place in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub org: OrgId,
    /// Its name in addresses.
    pub org_slug: Slug,
    /// When it will be deleted, unless it is restored before.
    pub delete_at: Option<Timestamp>,
    /// What the person may do throughout the organisation; `None` for somebody who is on teams only.
    pub role: Option<Role>,
    /// What the person may do on single teams.
    pub on_teams: Vec<TeamRole>,
    /// The teams that the person sees, by slug: all, or those that they are on.
    pub teams: Vec<Slug>,
}

/// A role on one team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRole {
    /// The team.
    pub team: TeamId,
    /// Its name in addresses.
    pub slug: Slug,
    /// What may be done there.
    pub role: Role,
}

#[derive(FromRow)]
struct Row {
    org_id: Uuid,
    org_slug: String,
    delete_at: Option<jiff_sqlx::Timestamp>,
    role: String,
    team_id: Option<Uuid>,
    team_slug: Option<String>,
}

impl Store {
    /// All memberships of a person, by the organisation's slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, Error> {
        self.standing(user, None).await
    }

    /// The person's place in the organisation of this slug; `None` when it does not exist or the person is not a
    /// member, which look the same.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn membership(&self, user: UserId, org: &Slug) -> Result<Option<Membership>, Error> {
        Ok(self.standing(user, Some(org)).await?.pop())
    }

    async fn standing(&self, user: UserId, org: Option<&Slug>) -> Result<Vec<Membership>, Error> {
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        let rows: Vec<Row> = sqlx::query_as(
            "select membership.org_id, org.slug as org_slug, org.delete_at, membership.role,
                    membership.team_id, team.slug as team_slug
             from membership
             join org on org.id = membership.org_id
             left join team on team.org_id = membership.org_id and team.id = membership.team_id
             where membership.user_id = $1
               and ($2::text is null or org.slug = $2)
             order by org.slug, team.slug nulls first",
        )
        .bind(user.uuid())
        .bind(org.map(Slug::as_str))
        .fetch_all(&mut *tx)
        .await?;
        let mut found = gathered(rows)?;
        let wide: Vec<Uuid> = found.iter().filter(|m| m.role.is_some()).map(|m| m.org.uuid()).collect();
        let team_rows: Vec<(Uuid, String)> = sqlx::query_as(
            "select org_id, slug from team where org_id = any($1) and removed_at is null order by slug",
        )
        .bind(wide)
        .fetch_all(&mut *tx)
        .await?;
        let mut teams: BTreeMap<Uuid, Vec<Slug>> = BTreeMap::new();
        for (org, slug) in team_rows {
            teams.entry(org).or_default().push(parsed("team", &slug)?);
        }
        for membership in &mut found {
            membership.teams = match teams.remove(&membership.org.uuid()) {
                Some(all) => all,
                None => membership.on_teams.iter().map(|on| on.slug.clone()).collect(),
            };
        }
        Ok(found)
    }
}

/// One membership for each organisation; rows of one stand together, the one for the whole of it first.
fn gathered(rows: Vec<Row>) -> Result<Vec<Membership>, Error> {
    let mut found: Vec<Membership> = Vec::new();
    for row in rows {
        let org = OrgId::from_uuid(row.org_id);
        let role = named("membership", &row.role, Role::named)?;
        if found.last().is_none_or(|last| last.org != org) {
            let org_slug = parsed("org", &row.org_slug)?;
            let delete_at = time_opt(row.delete_at);
            let (on_teams, teams) = (Vec::new(), Vec::new());
            found.push(Membership { org, org_slug, delete_at, role: None, on_teams, teams });
        }
        let Some(membership) = found.last_mut() else { continue };
        match (row.team_id, row.team_slug) {
            (Some(team), Some(slug)) => membership.on_teams.push(TeamRole {
                team: TeamId::from_uuid(team),
                slug: parsed("team", &slug)?,
                role,
            }),
            (None, _) => membership.role = Some(role),
            // A team that is not there any more.
            (Some(_), None) => {}
        }
    }
    found.retain(|membership| membership.role.is_some() || !membership.on_teams.is_empty());
    Ok(found)
}
