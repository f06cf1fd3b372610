//! Policies of a server: named series of documents. A document is kept byte for byte and never changed.

use jiff::Timestamp;
use model::{PolicyId, ServerId, Slug, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, number, parsed};
use crate::{Conflict, Error, OrgTx};

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// The server it is for.
    pub server: ServerId,
    /// Its name in addresses.
    pub slug: Slug,
    /// The version in force.
    pub latest_version: u32,
    /// When its first version was published.
    pub created_at: Timestamp,
    /// When the version in force was published.
    pub updated_at: Timestamp,
}

/// One version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// The policy.
    pub policy: PolicyId,
    /// Counts from 1.
    pub version: u32,
    /// The document, byte for byte as it was sent; `None` in lists.
    pub document: Option<String>,
    /// Its test cases, byte for byte as they were sent; `None` in lists, and when it has none.
    pub cases: Option<String>,
    /// Who published it.
    pub author: Option<UserId>,
    /// Their address, while they have an account.
    pub author_email: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// A document to be published.
#[derive(Debug, Clone)]
pub struct PutPolicy<'a> {
    /// A fresh id, used when the policy is new.
    pub id: PolicyId,
    /// The server it is for.
    pub server: ServerId,
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// The document, known to compile.
    pub document: &'a str,
    /// Its test cases, known to pass.
    pub cases: Option<&'a str>,
    /// Who publishes it.
    pub author: Option<UserId>,
    /// The version that the author had in front of them (0: none yet); `None` to publish over any.
    pub expected: Option<u32>,
}

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutOutcome {
    /// The policy as it is now.
    pub policy: Policy,
    /// False when document and cases were those in force already.
    pub new_version: bool,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    server_id: Uuid,
    slug: String,
    latest_version: i32,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
}

#[derive(FromRow)]
struct VersionRow {
    policy_id: Uuid,
    version: i32,
    document: Option<String>,
    cases: Option<String>,
    author: Option<Uuid>,
    author_email: Option<String>,
    created_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Policy {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: PolicyId::from_uuid(row.id),
            server: ServerId::from_uuid(row.server_id),
            slug: parsed("policy", &row.slug)?,
            latest_version: number("policy", row.latest_version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

impl TryFrom<VersionRow> for PolicyVersion {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        Ok(Self {
            policy: PolicyId::from_uuid(row.policy_id),
            version: number("policy_version", row.version)?,
            document: row.document,
            cases: row.cases,
            author: row.author.map(UserId::from_uuid),
            author_email: row.author_email,
            created_at: row.created_at.to_jiff(),
        })
    }
}

impl OrgTx {
    /// All policies of a server, by slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policies(&mut self, server: ServerId) -> Result<Vec<Policy>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, server_id, slug, latest_version, created_at, updated_at
             from policy
             where server_id = $1
             order by slug",
        )
        .bind(server.uuid())
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Policy::try_from).collect()
    }

    /// The policy of this slug.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn policy(&mut self, server: ServerId, slug: &Slug) -> Result<Policy, Error> {
        sqlx::query_as::<_, Row>(
            "select id, server_id, slug, latest_version, created_at, updated_at
             from policy
             where server_id = $1
               and slug = $2",
        )
        .bind(server.uuid())
        .bind(slug.as_str())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("policy"))?
        .try_into()
    }

    /// Publishes a document with its cases as the policy's next version, or as the first of a new policy. The same bytes
    /// as those in force make no new version.
    ///
    /// # Errors
    /// [`Conflict::PolicyVersion`] when `expected` is not the version in force; [`Error::Missing`] when there is no
    /// such server.
    pub async fn put_policy(&mut self, put: &PutPolicy<'_>, now: Timestamp) -> Result<PutOutcome, Error> {
        let created = self.insert_policy(put, now).await?;
        let row: Row = sqlx::query_as(
            "select id, server_id, slug, latest_version, created_at, updated_at
             from policy
             where server_id = $1
               and slug = $2
             for update",
        )
        .bind(put.server.uuid())
        .bind(put.slug.as_str())
        .fetch_one(&mut *self.tx)
        .await?;
        let in_force = if created { 0 } else { row.latest_version };
        if put.expected.is_some_and(|expected| i64::from(expected) != i64::from(in_force)) {
            return Err(Error::Conflict(Conflict::PolicyVersion));
        }
        if !created && self.is_in_force(&row, put).await? {
            return Ok(PutOutcome { policy: row.try_into()?, new_version: false });
        }
        let policy = self.insert_version(row.id, in_force + 1, put, now).await?;
        if !created {
            self.touch_all();
        }
        Ok(PutOutcome { policy, new_version: true })
    }

    /// All versions of a policy without their documents, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn policy_versions(&mut self, policy: PolicyId) -> Result<Vec<PolicyVersion>, Error> {
        let rows: Vec<VersionRow> = sqlx::query_as(
            "select policy_id, version, null::text as document, null::text as cases, author,
                    user_account.email as author_email, policy_version.created_at
             from policy_version
             left join user_account on user_account.id = author
             where policy_id = $1
             order by version desc",
        )
        .bind(policy.uuid())
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(PolicyVersion::try_from).collect()
    }

    /// One version of a policy, with its document.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn policy_version(&mut self, policy: PolicyId, version: u32) -> Result<PolicyVersion, Error> {
        sqlx::query_as::<_, VersionRow>(
            "select policy_id, version, document, cases, author, user_account.email as author_email,
                    policy_version.created_at
             from policy_version
             left join user_account on user_account.id = author
             where policy_id = $1
               and version = $2",
        )
        .bind(policy.uuid())
        .bind(i64::from(version))
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("policy version"))?
        .try_into()
    }

    /// Makes the policy unless it exists; true when it was made.
    async fn insert_policy(&mut self, put: &PutPolicy<'_>, now: Timestamp) -> Result<bool, Error> {
        let inserted = sqlx::query(
            "insert into policy (id, org_id, server_id, slug, latest_version, created_at, updated_at)
             values ($1, $2, $3, $4, 1, $5, $5)
             on conflict on constraint policy_slug do nothing",
        )
        .bind(put.id.uuid())
        .bind(self.id.uuid())
        .bind(put.server.uuid())
        .bind(put.slug.as_str())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        Ok(inserted.rows_affected() == 1)
    }

    async fn is_in_force(&mut self, row: &Row, put: &PutPolicy<'_>) -> Result<bool, Error> {
        let same: bool = sqlx::query_scalar(
            "select document = $3 and cases is not distinct from $4
             from policy_version
             where policy_id = $1
               and version = $2",
        )
        .bind(row.id)
        .bind(row.latest_version)
        .bind(put.document)
        .bind(put.cases)
        .fetch_one(&mut *self.tx)
        .await?;
        Ok(same)
    }

    async fn insert_version(
        &mut self,
        policy: Uuid,
        version: i32,
        put: &PutPolicy<'_>,
        now: Timestamp,
    ) -> Result<Policy, Error> {
        sqlx::query(
            "insert into policy_version (org_id, policy_id, version, document, cases, author, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.id.uuid())
        .bind(policy)
        .bind(version)
        .bind(put.document)
        .bind(put.cases)
        .bind(put.author.map(UserId::uuid))
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        sqlx::query_as::<_, Row>(
            "update policy
             set latest_version = $2, updated_at = $3
             where id = $1
             returning id, server_id, slug, latest_version, created_at, updated_at",
        )
        .bind(policy)
        .bind(version)
        .bind(at(now))
        .fetch_one(&mut *self.tx)
        .await?
        .try_into()
    }
}
