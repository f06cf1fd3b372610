//! The class of a tool: what was found in its definition, and what an administrator says instead.
//! Which of the two is in force is one function of the database, `tool_class`.

use jiff::Timestamp;
use model::{ServerId, UserId};
use policy::Category;
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, digest, named};
use crate::{Error, OrgTx};

/// What was found in a tool's definition.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundClass {
    /// What the tool does.
    pub category: Category,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// Why, as a JSON object of `evidence` and `signals`.
    pub reasons: String,
}

/// What an administrator says of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassOverride {
    /// What the tool does.
    pub category: Category,
    /// Why, in the administrator's words.
    pub reason: String,
    /// Who said so; `None` once the account is gone.
    pub author: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Whether the definition has changed since. Then the worse class counts.
    pub outdated: bool,
}

/// The columns of both.
#[derive(FromRow)]
pub(crate) struct ClassRow {
    found_category: Option<String>,
    confidence: Option<f64>,
    reasons: Option<String>,
    override_category: Option<String>,
    override_reason: Option<String>,
    override_by: Option<Uuid>,
    override_at: Option<jiff_sqlx::Timestamp>,
    override_hash: Option<Vec<u8>>,
}

impl ClassRow {
    pub(crate) fn found(&self) -> Result<Option<FoundClass>, Error> {
        let Some(category) = &self.found_category else { return Ok(None) };
        Ok(Some(FoundClass {
            category: named("server_tool", category, Category::named)?,
            confidence: self.confidence.unwrap_or_default(),
            reasons: self.reasons.clone().unwrap_or_else(|| "{}".to_owned()),
        }))
    }

    pub(crate) fn overridden(&self, present: &[u8; 32]) -> Result<Option<ClassOverride>, Error> {
        let (Some(category), Some(reason), Some(at), Some(judged)) =
            (&self.override_category, &self.override_reason, self.override_at, &self.override_hash)
        else {
            return Ok(None);
        };
        Ok(Some(ClassOverride {
            category: named("server_tool", category, Category::named)?,
            reason: reason.clone(),
            author: self.override_by.map(UserId::from_uuid),
            at: at.to_jiff(),
            outdated: digest("server_tool", judged)? != *present,
        }))
    }
}

/// What to say of a tool instead of what was found.
#[derive(Debug, Clone, Copy)]
pub struct PutClass<'a> {
    /// The tool's server.
    pub server: ServerId,
    /// The tool's exact name.
    pub tool: &'a str,
    /// What it does.
    pub category: Category,
    /// Why.
    pub reason: &'a str,
    /// Who says so.
    pub author: UserId,
}

impl OrgTx {
    /// Says what a tool does, whatever was found in its present definition.
    ///
    /// # Errors
    /// [`Error::Missing`] when the server does not list such a tool.
    pub async fn override_class(&mut self, put: &PutClass<'_>, now: Timestamp) -> Result<(), Error> {
        let done = sqlx::query(
            "update server_tool
             set override_category = $3, override_reason = $4, override_by = $5, override_at = $6,
                 override_hash = hash
             where server_id = $1
               and name = $2
               and gone_at is null",
        )
        .bind(put.server.uuid())
        .bind(put.tool)
        .bind(put.category.as_str())
        .bind(put.reason)
        .bind(put.author.uuid())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        self.class_changed(done.rows_affected())
    }

    /// Goes back to what was found in the definition.
    ///
    /// # Errors
    /// [`Error::Missing`] when the server does not list such a tool.
    pub async fn restore_class(&mut self, server: ServerId, tool: &str) -> Result<(), Error> {
        let done = sqlx::query(
            "update server_tool
             set override_category = null, override_reason = null, override_by = null, override_at = null,
                 override_hash = null
             where server_id = $1
               and name = $2
               and gone_at is null",
        )
        .bind(server.uuid())
        .bind(tool)
        .execute(&mut *self.tx)
        .await?;
        self.class_changed(done.rows_affected())
    }

    /// Any policy on the server may ask for the class, so every bundle may be stale.
    fn class_changed(&mut self, tools: u64) -> Result<(), Error> {
        if tools == 0 {
            return Err(Error::Missing("tool"));
        }
        self.touch_all();
        Ok(())
    }
}
