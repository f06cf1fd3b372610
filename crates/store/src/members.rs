//! The members of an organisation, as those see them who look after it. Every change holds the organisation's row, so
//! that two administrators who remove each other at once do not leave it without any.

use jiff::Timestamp;
use model::{Role, Slug, TeamId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, named, parsed};
use crate::standing::TeamRole;
use crate::{Conflict, Error, OrgTx};

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// What they may do throughout the organisation; `None` for somebody who is on teams only.
    pub role: Option<Role>,
    /// What they may do on single teams, by the team's slug.
    pub on_teams: Vec<TeamRole>,
    /// When they joined.
    pub since: Timestamp,
}

#[derive(FromRow)]
struct Row {
    user_id: Uuid,
    email: String,
    role: String,
    team_id: Option<Uuid>,
    team_slug: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

impl OrgTx {
    /// All members, by address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members(&mut self) -> Result<Vec<Member>, Error> {
        self.find_members(None).await
    }

    /// One member.
    ///
    /// # Errors
    /// [`Error::Missing`] when the person is none.
    pub async fn member(&mut self, user: UserId) -> Result<Member, Error> {
        self.find_members(Some(user)).await?.pop().ok_or(Error::Missing("member"))
    }

    async fn find_members(&mut self, user: Option<UserId>) -> Result<Vec<Member>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select membership.user_id, user_account.email, membership.role, membership.team_id,
                    team.slug as team_slug, membership.created_at
             from membership
             join user_account on user_account.id = membership.user_id
             left join team on team.org_id = membership.org_id and team.id = membership.team_id
             where $1::uuid is null or membership.user_id = $1
             order by user_account.email, membership.user_id, team.slug nulls first",
        )
        .bind(user.map(UserId::uuid))
        .fetch_all(&mut *self.tx)
        .await?;
        gathered(rows)
    }

    /// Gives a member another role, in the organisation or (with `team`) on one team. Who has none there yet gets one.
    ///
    /// # Errors
    /// [`Conflict::LastAdmin`] when nobody would be left to look after the organisation.
    pub async fn set_role(
        &mut self,
        user: UserId,
        team: Option<TeamId>,
        role: Role,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.lock_org().await?;
        sqlx::query(
            "insert into membership (org_id, user_id, team_id, role, created_at)
             values ($1, $2, $3, $4, $5)
             on conflict on constraint membership_place do update
             set role = excluded.role",
        )
        .bind(self.id.uuid())
        .bind(user.uuid())
        .bind(team.map(TeamId::uuid))
        .bind(role.as_str())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        self.keep_an_admin().await
    }

    /// Takes a member out of the organisation, or (with `team`) off one team only.
    ///
    /// # Errors
    /// [`Error::Missing`] when the person has no place there; [`Conflict::LastAdmin`] as above.
    pub async fn remove_member(&mut self, user: UserId, team: Option<TeamId>) -> Result<(), Error> {
        self.lock_org().await?;
        let removed = sqlx::query(
            "delete from membership
             where user_id = $1
               and ($2::uuid is null or team_id = $2)",
        )
        .bind(user.uuid())
        .bind(team.map(TeamId::uuid))
        .execute(&mut *self.tx)
        .await?;
        if removed.rows_affected() == 0 {
            return Err(Error::Missing("member"));
        }
        self.keep_an_admin().await
    }

    /// Holds the organisation's row until the transaction ends, so that what is read next stays true.
    ///
    /// # Errors
    /// [`Error::Missing`] when it does not exist.
    pub async fn lock_org(&mut self) -> Result<(), Error> {
        let found: Option<Uuid> = sqlx::query_scalar("select id from org where id = $1 for update")
            .bind(self.id.uuid())
            .fetch_optional(&mut *self.tx)
            .await?;
        found.map(|_| ()).ok_or(Error::Missing("organisation"))
    }

    /// Refuses what was done when it leaves no administrator who can sign in.
    async fn keep_an_admin(&mut self) -> Result<(), Error> {
        let kept: bool = sqlx::query_scalar(
            "select exists (
               select from membership
               join user_account on user_account.id = membership.user_id
               where membership.team_id is null
                 and membership.role = 'admin'
                 and user_account.enabled
                 and user_account.delete_at is null
             )",
        )
        .fetch_one(&mut *self.tx)
        .await?;
        if kept { Ok(()) } else { Err(Error::Conflict(Conflict::LastAdmin)) }
    }
}

/// One member for each person; rows of one stand together, the one for the whole organisation first.
fn gathered(rows: Vec<Row>) -> Result<Vec<Member>, Error> {
    let mut found: Vec<Member> = Vec::new();
    for row in rows {
        let user = UserId::from_uuid(row.user_id);
        let role = named("membership", &row.role, Role::named)?;
        let since = row.created_at.to_jiff();
        if found.last().is_none_or(|last| last.user != user) {
            found.push(Member { user, email: row.email, role: None, on_teams: Vec::new(), since });
        }
        let Some(member) = found.last_mut() else { continue };
        member.since = member.since.min(since);
        match (row.team_id, row.team_slug) {
            (Some(team), Some(slug)) => {
                let slug: Slug = parsed("team", &slug)?;
                member.on_teams.push(TeamRole { team: TeamId::from_uuid(team), slug, role });
            }
            (None, _) => member.role = Some(role),
            (Some(_), None) => {}
        }
    }
    Ok(found)
}
