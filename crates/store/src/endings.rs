//! Deletion of organisations and accounts. Both wait for a time in which they can be had back; then whoever clears up
//! erases them, an organisation with everything of its tenancy.

use jiff::Timestamp;
use model::{OrgId, Slug, UserId};
use serde_json::json;
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::accounts::NewMail;
use crate::admin_events::{Actor, AdminEvent, insert};
use crate::changes::publish;
use crate::column::{at, parsed};
use crate::connect::{READ_WRITE, set};
use crate::org_tx::Touched;
use crate::outbox::queue_mail;
use crate::passwords::end_sessions;
use crate::{Error, OrgTx, Store};

/// Recorded calls that are erased in one statement.
const BATCH: i32 = 10_000;

/// An account that is to be deleted.
#[derive(Debug, Clone)]
pub struct AccountEnding<'a> {
    /// Whose.
    pub user: UserId,
    /// When.
    pub delete_at: Timestamp,
    /// Tells the owner.
    pub notice: NewMail<'a>,
}

/// What asking for an account's deletion came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountEnded {
    /// It will be deleted, and with it these organisations, in which nobody else is.
    Ending(Vec<Slug>),
    /// Nothing changed: these organisations have other people and no other admin.
    LastAdminOf(Vec<Slug>),
}

/// An organisation that somebody is a member of, and who else is.
#[derive(FromRow)]
struct Place {
    slug: String,
    delete_at: Option<jiff_sqlx::Timestamp>,
    is_admin: bool,
    other_admins: bool,
    others: bool,
}

impl OrgTx {
    /// Has the organisation deleted at a time to come; its gateways refuse from now on. False when that was so already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_org(&mut self, delete_at: Timestamp) -> Result<bool, Error> {
        let ended = mark_org(&mut self.tx, self.id, delete_at, None).await?;
        if ended {
            self.touch_all();
        }
        Ok(ended)
    }

    /// Takes the deletion back. False when there was none to take back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn restore_org(&mut self) -> Result<bool, Error> {
        let restored = sqlx::query(
            "update org
             set delete_at = null, deleted_with = null
             where id = $1
               and delete_at is not null",
        )
        .bind(self.id.uuid())
        .execute(&mut *self.tx)
        .await?;
        self.touch_all();
        Ok(restored.rows_affected() == 1)
    }
}

impl Store {
    /// Has an account deleted at a time to come, together with the organisations in which its owner is alone. All
    /// sign-ins end.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such account.
    pub async fn end_account(
        &self,
        ending: &AccountEnding<'_>,
        now: Timestamp,
    ) -> Result<AccountEnded, Error> {
        let user = ending.user;
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        let email: String = sqlx::query_scalar(
            "update user_account
             set delete_at = coalesce(delete_at, $2)
             where id = $1
             returning email",
        )
        .bind(user.uuid())
        .bind(at(ending.delete_at))
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(Error::Missing("account"))?;
        let (mut alone, mut needed) = (Vec::new(), Vec::new());
        for org in orgs_of(&mut tx, user).await? {
            let place = place(&mut tx, org, user).await?;
            if place.delete_at.is_some() || !place.is_admin || place.other_admins {
                continue;
            }
            let slug: Slug = parsed("org", &place.slug)?;
            if place.others { needed.push(slug) } else { alone.push((org, slug)) }
        }
        if !needed.is_empty() {
            tx.rollback().await?;
            return Ok(AccountEnded::LastAdminOf(needed));
        }
        end_sessions(&mut tx, user.uuid(), None, now).await?;
        queue_mail(&mut tx, &email, ending.notice, now).await?;
        let mut told = None;
        for (org, _) in &alone {
            set(&mut tx, "app.org", &org.uuid().to_string()).await?;
            mark_org(&mut tx, *org, ending.delete_at, Some(user)).await?;
            record(&mut tx, *org, ("org.delete", user), (None, Some(ending.delete_at)), now).await?;
            told = publish(&mut tx, *org, &Touched::All).await?;
        }
        tx.commit().await?;
        if let Some(seq) = told {
            self.change_hint().send_replace(seq);
        }
        Ok(AccountEnded::Ending(alone.into_iter().map(|(_, slug)| slug).collect()))
    }

    /// Takes the deletion of an account back, and that of the organisations that were to go with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_account(&self, user: UserId, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        sqlx::query("update user_account set delete_at = null where id = $1")
            .bind(user.uuid())
            .execute(&mut *tx)
            .await?;
        let mut told = None;
        for org in orgs_of(&mut tx, user).await? {
            set(&mut tx, "app.org", &org.uuid().to_string()).await?;
            let before: Option<jiff_sqlx::Timestamp> = sqlx::query_scalar(
                "select delete_at from org where id = $1 and deleted_with = $2 for update",
            )
            .bind(org.uuid())
            .bind(user.uuid())
            .fetch_optional(&mut *tx)
            .await?
            .flatten();
            let Some(before) = before else { continue };
            sqlx::query("update org set delete_at = null, deleted_with = null where id = $1")
                .bind(org.uuid())
                .execute(&mut *tx)
                .await?;
            let change = (Some(before.to_jiff()), None);
            record(&mut tx, org, ("org.restore", user), change, now).await?;
            told = publish(&mut tx, org, &Touched::All).await?;
        }
        tx.commit().await?;
        if let Some(seq) = told {
            self.change_hint().send_replace(seq);
        }
        Ok(())
    }

    /// Erases the organisations whose time has come; gives their number.
    ///
    /// # Errors
    /// When the database fails; what was erased by then stays so.
    pub async fn erase_orgs(&self, now: Timestamp) -> Result<usize, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.sweep", "ended").await?;
        let due: Vec<Uuid> =
            sqlx::query_scalar("select id from org where delete_at <= $1 order by delete_at")
                .bind(at(now))
                .fetch_all(&mut *tx)
                .await?;
        tx.rollback().await?;
        for org in &due {
            loop {
                let mut tx = self.transaction(READ_WRITE).await?;
                let done: bool = sqlx::query_scalar("select erase_org($1, $2, $3)")
                    .bind(org)
                    .bind(at(now))
                    .bind(BATCH)
                    .fetch_one(&mut *tx)
                    .await?;
                tx.commit().await?;
                if done {
                    break;
                }
            }
        }
        Ok(due.len())
    }

    /// Erases the accounts whose time has come, their memberships and their mail; gives their number.
    ///
    /// # Errors
    /// When the database fails; what was erased by then stays so.
    pub async fn erase_accounts(&self, now: Timestamp) -> Result<usize, Error> {
        let due: Vec<Uuid> =
            sqlx::query_scalar("select id from user_account where delete_at <= $1 order by delete_at")
                .bind(at(now))
                .fetch_all(self.pool())
                .await?;
        for user in &due {
            self.erase_account(UserId::from_uuid(*user), now).await?;
        }
        Ok(due.len())
    }

    async fn erase_account(&self, user: UserId, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.begin_as("app.user", user.uuid()).await?;
        // Signing in at this moment waits, and finds no account any more.
        let email: Option<String> =
            sqlx::query_scalar("select email from user_account where id = $1 and delete_at <= $2 for update")
                .bind(user.uuid())
                .bind(at(now))
                .fetch_optional(&mut *tx)
                .await?;
        let Some(email) = email else { return Ok(()) };
        for org in orgs_of(&mut tx, user).await? {
            set(&mut tx, "app.org", &org.uuid().to_string()).await?;
            let event = AdminEvent {
                actor: Some(Actor::Person(user)),
                action: "member.leave".to_owned(),
                subject: user.to_string(),
                before: Some(json!({ "user": user, "email": email })),
                after: None,
            };
            insert(&mut tx, org, &event, now).await?;
        }
        sqlx::query("delete from password_reset where email = lower($1)")
            .bind(&email)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from outbox where lower(recipient) = lower($1)")
            .bind(&email)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from user_account where id = $1").bind(user.uuid()).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The organisations that a person is in, teams counted. Needs the transaction to speak for that person.
async fn orgs_of(tx: &mut Transaction<'static, Postgres>, user: UserId) -> Result<Vec<OrgId>, Error> {
    let orgs: Vec<Uuid> =
        sqlx::query_scalar("select distinct org_id from membership where user_id = $1 order by org_id")
            .bind(user.uuid())
            .fetch_all(&mut **tx)
            .await?;
    Ok(orgs.into_iter().map(OrgId::from_uuid).collect())
}

/// Holds the organisation, so that what is read stays true, and reads a person's place in it.
async fn place(tx: &mut Transaction<'static, Postgres>, org: OrgId, user: UserId) -> Result<Place, Error> {
    set(tx, "app.org", &org.uuid().to_string()).await?;
    sqlx::query("select from org where id = $1 for update").bind(org.uuid()).execute(&mut **tx).await?;
    sqlx::query_as(
        "select org.slug, org.delete_at,
                exists (
                  select from membership
                  where org_id = $1 and user_id = $2 and team_id is null and role = 'admin'
                ) as is_admin,
                exists (
                  select from membership
                  join user_account on user_account.id = membership.user_id
                  where membership.org_id = $1
                    and membership.user_id <> $2
                    and membership.team_id is null
                    and membership.role = 'admin'
                    and user_account.enabled
                    and user_account.delete_at is null
                ) as other_admins,
                exists (select from membership where org_id = $1 and user_id <> $2) as others
         from org
         where org.id = $1",
    )
    .bind(org.uuid())
    .bind(user.uuid())
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::Missing("organisation"))
}

async fn mark_org(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    delete_at: Timestamp,
    with: Option<UserId>,
) -> Result<bool, Error> {
    let marked = sqlx::query(
        "update org
         set delete_at = $2, deleted_with = $3
         where id = $1
           and delete_at is null",
    )
    .bind(org.uuid())
    .bind(at(delete_at))
    .bind(with.map(UserId::uuid))
    .execute(&mut **tx)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// Records that the time of an organisation's deletion changed.
async fn record(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    (action, actor): (&str, UserId),
    (before, after): (Option<Timestamp>, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), Error> {
    let event = AdminEvent {
        actor: Some(Actor::Person(actor)),
        action: action.to_owned(),
        subject: org.to_string(),
        before: Some(json!({ "delete_at": before })),
        after: Some(json!({ "delete_at": after })),
    };
    insert(tx, org, &event, now).await
}
