//! People's accounts: making one, finding its password hash, proving its address.

use jiff::Timestamp;
use model::{OrgId, Slug, TeamId, UserId};
use sqlx::{Connection, FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::{at, time_opt};
use crate::connect::READ_WRITE;
use crate::outbox::queue_mail;
use crate::{Conflict, Error, Store};

/// Everything that a sign-up makes. All ids are fresh.
#[derive(Debug, Clone)]
pub struct SignUp<'a> {
    /// The person.
    pub user: UserId,
    /// Their address; unique whatever its capitals.
    pub email: &'a str,
    /// Their password, hashed.
    pub password_hash: &'a str,
    /// Their organisation.
    pub org: OrgId,
    /// The name it would like in addresses; when taken, digits of its id are appended.
    pub org_slug: &'a Slug,
    /// Its name for people.
    pub org_name: &'a str,
    /// Its first team.
    pub team: TeamId,
    /// The team's name in addresses.
    pub team_slug: &'a Slug,
    /// The team's name for people.
    pub team_name: &'a str,
    /// Digest of the token that proves the address.
    pub verification: &'a [u8; 32],
    /// When that token ends.
    pub verification_expires_at: Timestamp,
    /// Sent when the account is made.
    pub welcome: NewMail<'a>,
    /// Sent to the owner when there is an account already.
    pub existing: NewMail<'a>,
}

/// Mail to the person signing up.
#[derive(Debug, Clone, Copy)]
pub struct NewMail<'a> {
    /// The subject line.
    pub subject: &'a str,
    /// The text.
    pub body: &'a str,
}

/// What a sign-up came to. Not for the eyes of whoever signed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedUp {
    /// A new account with this organisation.
    Created {
        /// The slug the organisation got.
        org: Slug,
    },
    /// The address has an account; nothing changed.
    Existed,
}

/// What signing in needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Whose.
    pub user: UserId,
    /// The hash to verify the password against.
    pub password_hash: String,
    /// False once the account is switched off.
    pub enabled: bool,
    /// Whether the address is proven.
    pub verified: bool,
    /// Whether it will be deleted, unless its owner signs in before.
    pub ending: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// Their address, as they wrote it.
    pub email: String,
    /// When they proved it.
    pub email_verified_at: Option<Timestamp>,
    /// False once the account is switched off.
    pub enabled: bool,
    /// When they signed up.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    password_hash: String,
    email_verified_at: Option<jiff_sqlx::Timestamp>,
    enabled: bool,
    created_at: jiff_sqlx::Timestamp,
    delete_at: Option<jiff_sqlx::Timestamp>,
}

impl Store {
    /// Makes an account with an organisation, a team and an administrator's membership, and queues the mail, in one
    /// transaction. When the address has an account, the same statements run and are undone, so that both answers
    /// cost the same; only the mail to the owner stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_up(&self, new: &SignUp<'_>, now: Timestamp) -> Result<SignedUp, Error> {
        let mut tx = self.begin_as("app.org", new.org.uuid()).await?;
        let created = sqlx::query(
            "insert into user_account (id, email, password_hash, created_at)
             values ($1, $2, $3, $4)
             on conflict do nothing",
        )
        .bind(new.user.uuid())
        .bind(new.email)
        .bind(new.password_hash)
        .bind(at(now))
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        let (user, email): (Uuid, String) =
            sqlx::query_as("select id, email from user_account where lower(email) = lower($1)")
                .bind(new.email)
                .fetch_one(&mut *tx)
                .await?;

        let mut inner = tx.begin().await?;
        let org = found_org(&mut inner, new, user, now).await?;
        let (outcome, mail) = if created {
            inner.commit().await?;
            (SignedUp::Created { org }, new.welcome)
        } else {
            inner.rollback().await?;
            (SignedUp::Existed, new.existing)
        };
        queue_mail(&mut tx, &email, mail, now).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// What signing in with this address needs; `None` when it has no account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "select id, email, password_hash, email_verified_at, enabled, created_at, delete_at
             from user_account
             where lower(email) = lower($1)",
        )
        .bind(email)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|row| Credentials {
            user: UserId::from_uuid(row.id),
            password_hash: row.password_hash,
            enabled: row.enabled,
            verified: row.email_verified_at.is_some(),
            ending: row.delete_at.is_some(),
        }))
    }

    /// A person by id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "select id, email, password_hash, email_verified_at, enabled, created_at, delete_at
             from user_account
             where id = $1",
        )
        .bind(id.uuid())
        .fetch_optional(self.pool())
        .await?;
        Ok(row.map(|row| User {
            id: UserId::from_uuid(row.id),
            email: row.email,
            email_verified_at: time_opt(row.email_verified_at),
            enabled: row.enabled,
            created_at: row.created_at.to_jiff(),
        }))
    }

    /// Marks the address proven that the token of this digest was sent to. A token works once and until it ends;
    /// `None` when it is unknown, used, too old, or the account has another address by now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_email(&self, digest: &[u8; 32], now: Timestamp) -> Result<Option<UserId>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        let user: Option<Uuid> = sqlx::query_scalar(
            "with used as (
               update email_verification
               set used_at = $2
               where digest = $1
                 and used_at is null
                 and expires_at > $2
               returning user_id, email
             )
             update user_account
             set email_verified_at = coalesce(email_verified_at, $2)
             from used
             where user_account.id = used.user_id
               and user_account.email = used.email
             returning user_account.id",
        )
        .bind(digest.as_slice())
        .bind(at(now))
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(user.map(UserId::from_uuid))
    }
}

/// Makes the organisation, its first team, the membership and the address's proof.
async fn found_org(
    tx: &mut Transaction<'_, Postgres>,
    new: &SignUp<'_>,
    user: Uuid,
    now: Timestamp,
) -> Result<Slug, Error> {
    let slug = insert_org(tx, new, now).await?;
    sqlx::query(
        "insert into membership (org_id, user_id, role, created_at)
         values ($1, $2, 'admin', $3)",
    )
    .bind(new.org.uuid())
    .bind(user)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into team (id, org_id, slug, name, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(new.team.uuid())
    .bind(new.org.uuid())
    .bind(new.team_slug.as_str())
    .bind(new.team_name)
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into email_verification (digest, user_id, email, expires_at)
         values ($1, $2, $3, $4)",
    )
    .bind(new.verification.as_slice())
    .bind(user)
    .bind(new.email)
    .bind(at(new.verification_expires_at))
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "insert into admin_event (org_id, at, actor, action, subject)
         values ($1, $2, $3, 'org.create', $4)",
    )
    .bind(new.org.uuid())
    .bind(at(now))
    .bind(user)
    .bind(slug.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(slug)
}

/// Inserts the organisation under the slug it would like, or a longer one. In one statement: whoever has an account
/// mostly has the slug of its address too, and a second round trip would tell so by its time.
async fn insert_org(
    tx: &mut Transaction<'_, Postgres>,
    new: &SignUp<'_>,
    now: Timestamp,
) -> Result<Slug, Error> {
    let longer = longer_slug(new.org_slug, new.org).ok_or(Error::Conflict(Conflict::OrgSlug))?;
    let liked: Option<bool> = sqlx::query_scalar(
        "with liked as (
           insert into org (id, slug, name, created_at)
           values ($1, $2, $4, $5)
           on conflict (slug) do nothing
           returning true as liked
         ), longer as (
           insert into org (id, slug, name, created_at)
           select $1, $3, $4, $5
           where not exists (select from liked)
           on conflict (slug) do nothing
           returning false as liked
         )
         select liked from liked union all select liked from longer",
    )
    .bind(new.org.uuid())
    .bind(new.org_slug.as_str())
    .bind(longer.as_str())
    .bind(new.org_name)
    .bind(at(now))
    .fetch_optional(&mut **tx)
    .await?;
    match liked {
        Some(true) => Ok(new.org_slug.clone()),
        Some(false) => Ok(longer),
        None => Err(Error::Conflict(Conflict::OrgSlug)),
    }
}

/// The slug with random digits of the id appended, cut so that it stays one.
fn longer_slug(slug: &Slug, org: OrgId) -> Option<Slug> {
    const DIGITS: usize = 8;
    let id = org.uuid().simple().to_string();
    let digits = id.get(id.len() - DIGITS..)?;
    let kept: String = slug.as_str().chars().take(Slug::MAX - DIGITS - 1).collect();
    Slug::nearest(&format!("{kept}-{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lengthened_slug_keeps_its_digits_however_long_the_name_was() {
        let org = OrgId::mint(1_767_225_600_000, [0xab; 10]);
        for name in ["acme", &"a".repeat(40), "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q"] {
            let slug = longer_slug(&name.parse().unwrap(), org).unwrap();
            assert!(slug.as_str().ends_with("abababab"), "{slug}");
        }
    }
}
