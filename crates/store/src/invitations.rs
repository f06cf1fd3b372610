//! Invitations: an address was asked to join, in a role, by a link that works once.

use jiff::Timestamp;
use model::{InvitationId, OrgId, Role, Slug, TeamId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::accounts::NewMail;
use crate::bundles::hexadecimal;
use crate::column::{at, named, parsed};
use crate::connect::{READ_WRITE, set};
use crate::outbox::queue_mail;
use crate::{Conflict, Error, OrgTx, Store};

/// An invitation to be sent.
#[derive(Debug, Clone)]
pub struct NewInvitation<'a> {
    /// A fresh id.
    pub id: InvitationId,
    /// The address, in its one spelling.
    pub email: &'a str,
    /// The role to be.
    pub role: Role,
    /// On this team only.
    pub team: Option<TeamId>,
    /// Digest of the token in the link.
    pub verifier: &'a [u8; 32],
    /// Who invites.
    pub invited_by: UserId,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// The mail with the link.
    pub letter: NewMail<'a>,
}

/// An invitation that has not been answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The address that it went to.
    pub email: String,
    /// The role to be.
    pub role: Role,
    /// On this team only.
    pub team: Option<TeamId>,
    /// That team's name in addresses.
    pub team_slug: Option<Slug>,
    /// Who invited.
    pub invited_by: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Who was invited joined.
    Accepted,
    /// Who was invited did not want to.
    Declined,
    /// It was taken back.
    Revoked,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    role: String,
    team_id: Option<Uuid>,
    team_slug: Option<String>,
    invited_by: Uuid,
    expires_at: jiff_sqlx::Timestamp,
    created_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Invitation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: InvitationId::from_uuid(row.id),
            email: row.email,
            role: named("invitation", &row.role, Role::named)?,
            team: row.team_id.map(TeamId::from_uuid),
            team_slug: row.team_slug.map(|slug| parsed("team", &slug)).transpose()?,
            invited_by: UserId::from_uuid(row.invited_by),
            expires_at: row.expires_at.to_jiff(),
            created_at: row.created_at.to_jiff(),
        })
    }
}

impl Store {
    /// Opens a transaction within the organisation that an invitation speaks of, and holds the invitation. `None` when
    /// it is unknown, settled or too old.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_invited(
        &self,
        verifier: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(OrgTx, Invitation)>, Error> {
        let mut look = self.transaction(READ_WRITE).await?;
        set(&mut look, "app.invitation", &hexadecimal(verifier)).await?;
        let org: Option<Uuid> = sqlx::query_scalar("select org_id from invitation where digest = $1")
            .bind(verifier.as_slice())
            .fetch_optional(&mut *look)
            .await?;
        drop(look);
        let Some(org) = org else { return Ok(None) };
        let mut tx = self.begin(OrgId::from_uuid(org)).await?;
        let row: Option<Row> = sqlx::query_as(
            "select invitation.id, invitation.email, invitation.role, invitation.team_id, team.slug as team_slug,
                    invitation.invited_by, invitation.expires_at, invitation.created_at
             from invitation
             left join team on team.org_id = invitation.org_id and team.id = invitation.team_id
             where invitation.digest = $1
               and invitation.settled_at is null
               and invitation.expires_at > $2
             for update of invitation",
        )
        .bind(verifier.as_slice())
        .bind(at(now))
        .fetch_optional(&mut *tx.tx)
        .await?;
        row.map(|row| Ok((tx, row.try_into()?))).transpose()
    }
}

impl OrgTx {
    /// Sends an invitation; one to the same address and place that is still open ends.
    ///
    /// # Errors
    /// [`Conflict::Member`] when the address belongs to somebody who has a role there.
    pub async fn invite(&mut self, new: &NewInvitation<'_>, now: Timestamp) -> Result<(), Error> {
        let member: bool = sqlx::query_scalar(
            "select exists (
               select from membership
               join user_account on user_account.id = membership.user_id
               where lower(user_account.email) = lower($1)
                 and membership.team_id is not distinct from $2
             )",
        )
        .bind(new.email)
        .bind(new.team.map(TeamId::uuid))
        .fetch_one(&mut *self.tx)
        .await?;
        if member {
            return Err(Error::Conflict(Conflict::Member));
        }
        sqlx::query(
            "update invitation
             set settled_at = $3, outcome = 'revoked'
             where email = $1
               and team_id is not distinct from $2
               and settled_at is null",
        )
        .bind(new.email)
        .bind(new.team.map(TeamId::uuid))
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        sqlx::query(
            "insert into invitation
               (id, org_id, team_id, email, role, digest, invited_by, expires_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.team.map(TeamId::uuid))
        .bind(new.email)
        .bind(new.role.as_str())
        .bind(new.verifier.as_slice())
        .bind(new.invited_by.uuid())
        .bind(at(new.expires_at))
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        queue_mail(&mut self.tx, new.email, new.letter, now).await
    }

    /// Invitations that can still be answered, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitations(&mut self, now: Timestamp) -> Result<Vec<Invitation>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select invitation.id, invitation.email, invitation.role, invitation.team_id, team.slug as team_slug,
                    invitation.invited_by, invitation.expires_at, invitation.created_at
             from invitation
             left join team on team.org_id = invitation.org_id and team.id = invitation.team_id
             where invitation.settled_at is null
               and invitation.expires_at > $1
             order by invitation.id desc",
        )
        .bind(at(now))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// Notes what became of an invitation.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such invitation, or it was settled before.
    pub async fn settle_invitation(
        &mut self,
        id: InvitationId,
        outcome: Settled,
        now: Timestamp,
    ) -> Result<(), Error> {
        let outcome = match outcome {
            Settled::Accepted => "accepted",
            Settled::Declined => "declined",
            Settled::Revoked => "revoked",
        };
        let settled = sqlx::query(
            "update invitation
             set settled_at = $2, outcome = $3
             where id = $1
               and settled_at is null",
        )
        .bind(id.uuid())
        .bind(at(now))
        .bind(outcome)
        .execute(&mut *self.tx)
        .await?;
        if settled.rows_affected() == 0 { Err(Error::Missing("invitation")) } else { Ok(()) }
    }

    /// Makes an account for somebody who was invited; the link they hold proves the address.
    ///
    /// # Errors
    /// [`Conflict::Address`] when there is one already.
    pub async fn create_invited_account(
        &mut self,
        user: UserId,
        email: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "insert into user_account (id, email, password_hash, email_verified_at, created_at)
             values ($1, $2, $3, $4, $4)",
        )
        .bind(user.uuid())
        .bind(email)
        .bind(password_hash)
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Gives somebody the place that they were invited to, unless they have one there by now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join_invited(
        &mut self,
        user: UserId,
        invitation: &Invitation,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.settle_invitation(invitation.id, Settled::Accepted, now).await?;
        sqlx::query(
            "insert into membership (org_id, user_id, team_id, role, created_at)
             values ($1, $2, $3, $4, $5)
             on conflict on constraint membership_place do nothing",
        )
        .bind(self.id.uuid())
        .bind(user.uuid())
        .bind(invitation.team.map(TeamId::uuid))
        .bind(invitation.role.as_str())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
