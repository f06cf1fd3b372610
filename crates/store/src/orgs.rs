//! Organisations: the tenants.

use jiff::Timestamp;
use model::{OrgId, Slug};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{number, parsed, time_opt};
use crate::{Error, OrgTx};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// Rises with every change that gateways hear of.
    pub version: u64,
    /// False once it is suspended.
    pub enabled: bool,
    /// How long a gateway may go on without word from the control plane, in seconds.
    pub max_staleness_s: u32,
    /// Whether gateways record argument values, sealed.
    pub capture_arguments: bool,
    /// Whether agents are told how a denial came about.
    pub explain_denials: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it will be deleted, unless it is restored before.
    pub delete_at: Option<Timestamp>,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct OrgChange {
    /// Its name for people.
    pub name: Option<String>,
    /// Its name in addresses, those of its gateways included.
    pub slug: Option<Slug>,
    /// Whether gateways record argument values, sealed.
    pub capture_arguments: Option<bool>,
    /// Whether agents are told how a denial came about.
    pub explain_denials: Option<bool>,
    /// How long a gateway may go on without word from the control plane, in seconds.
    pub max_staleness_s: Option<u32>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    version: i64,
    enabled: bool,
    max_staleness_s: i32,
    capture_arguments: bool,
    explain_denials: bool,
    created_at: jiff_sqlx::Timestamp,
    delete_at: Option<jiff_sqlx::Timestamp>,
}

impl OrgTx {
    /// The organisation itself.
    ///
    /// # Errors
    /// [`Error::Missing`] when it does not exist.
    pub async fn org(&mut self) -> Result<Org, Error> {
        let row: Row = sqlx::query_as(
            "select id, slug, name, version, enabled, max_staleness_s, capture_arguments, explain_denials, created_at,
                    delete_at
             from org
             where id = $1",
        )
        .bind(self.id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("organisation"))?;
        Ok(Org {
            id: OrgId::from_uuid(row.id),
            slug: parsed("org", &row.slug)?,
            name: row.name,
            version: number("org", row.version)?,
            enabled: row.enabled,
            max_staleness_s: number("org", row.max_staleness_s)?,
            capture_arguments: row.capture_arguments,
            explain_denials: row.explain_denials,
            created_at: row.created_at.to_jiff(),
            delete_at: time_opt(row.delete_at),
        })
    }

    /// Changes names and settings. Gateways hear of it.
    ///
    /// # Errors
    /// [`Conflict::OrgSlug`](crate::Conflict::OrgSlug) when the slug is taken.
    pub async fn update_org(&mut self, change: &OrgChange) -> Result<(), Error> {
        sqlx::query(
            "update org
             set capture_arguments = coalesce($2, capture_arguments),
                 explain_denials = coalesce($3, explain_denials),
                 name = coalesce($4, name),
                 slug = coalesce($5, slug),
                 max_staleness_s = coalesce($6, max_staleness_s)
             where id = $1",
        )
        .bind(self.id.uuid())
        .bind(change.capture_arguments)
        .bind(change.explain_denials)
        .bind(&change.name)
        .bind(change.slug.as_ref().map(Slug::as_str))
        .bind(change.max_staleness_s.map(i64::from))
        .execute(&mut *self.tx)
        .await?;
        self.touch_all();
        Ok(())
    }
}
