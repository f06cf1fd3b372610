//! Tokens of an identity. Only a keyed digest of a token is kept, so the table proves nothing to a thief.

use jiff::Timestamp;
use model::{IdentityId, TokenId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, at_opt, time_opt};
use crate::{Error, OrgTx};

/// A token, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whom it proves.
    pub identity: IdentityId,
    /// What it is for; may be empty.
    pub name: String,
    /// Its last four characters, to tell it from others.
    pub last4: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A token to be kept.
#[derive(Clone)]
pub struct NewToken {
    /// A fresh id.
    pub id: TokenId,
    /// Whom it proves.
    pub identity: IdentityId,
    /// What it is for, at most 100 characters; may be empty.
    pub name: String,
    /// The keyed digest that finds it.
    pub verifier: [u8; 32],
    /// Its last four characters.
    pub last4: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    identity_id: Uuid,
    name: String,
    last4: String,
    expires_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
    last_used_at: Option<jiff_sqlx::Timestamp>,
    created_at: jiff_sqlx::Timestamp,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: TokenId::from_uuid(row.id),
            identity: IdentityId::from_uuid(row.identity_id),
            name: row.name,
            last4: row.last4,
            expires_at: time_opt(row.expires_at),
            revoked_at: time_opt(row.revoked_at),
            last_used_at: time_opt(row.last_used_at),
            created_at: row.created_at.to_jiff(),
        }
    }
}

impl OrgTx {
    /// All tokens of an identity, revoked and expired ones included, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&mut self, identity: IdentityId) -> Result<Vec<Token>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, identity_id, name, last4, expires_at, revoked_at, last_used_at, created_at
             from token
             where identity_id = $1
             order by id desc",
        )
        .bind(identity.uuid())
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows.into_iter().map(Token::from).collect())
    }

    /// Keeps a fresh token. The identity's bundle is stale afterwards, and so is any memory of the token being
    /// unknown.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such identity.
    pub async fn create_token(&mut self, new: &NewToken, now: Timestamp) -> Result<Token, Error> {
        let row: Row = sqlx::query_as(
            "insert into token (id, org_id, identity_id, verifier, last4, expires_at, created_at, name)
             select $1, $2, identity.id, $4, $5, $6, $7, $8
             from identity
             where identity.id = $3
               and identity.removed_at is null
             returning id, identity_id, name, last4, expires_at, revoked_at, last_used_at, created_at",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.identity.uuid())
        .bind(new.verifier.as_slice())
        .bind(&new.last4)
        .bind(at_opt(new.expires_at))
        .bind(at(now))
        .bind(&new.name)
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("identity"))?;
        self.touch(new.identity);
        Ok(row.into())
    }

    /// Revokes a token; once revoked it stays so, and revoking it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`] when the identity has none of this id.
    pub async fn revoke_token(
        &mut self,
        identity: IdentityId,
        id: TokenId,
        now: Timestamp,
    ) -> Result<Token, Error> {
        let row: Row = sqlx::query_as(
            "update token
             set revoked_at = coalesce(revoked_at, $3)
             where identity_id = $1
               and id = $2
             returning id, identity_id, name, last4, expires_at, revoked_at, last_used_at, created_at",
        )
        .bind(identity.uuid())
        .bind(id.uuid())
        .bind(at(now))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("token"))?;
        self.touch(identity);
        Ok(row.into())
    }
}
