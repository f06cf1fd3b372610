//! `GET /v1/orgs/{org}/changes`

use axum::Json;
use jiff::Timestamp;
use model::{KeyId, Permission, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Actor, AdminEventFilter, RecordedAdminEvent};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{OrgAccess, Query};
use crate::page::Limit;
use crate::paths::OrgParam;
use crate::{Problem, page};

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// Only made by this person, by id.
    #[param(value_type = Option<String>)]
    actor: Option<UserId>,
    /// Only made by this API key, by id.
    #[param(value_type = Option<String>)]
    key: Option<KeyId>,
    /// Only of this kind, or of all kinds that begin so and a full stop.
    #[param(example = "member")]
    action: Option<String>,
    /// Only of this thing, by id or name.
    subject: Option<String>,
    /// Only at or after this time.
    #[param(value_type = Option<String>, format = DateTime)]
    after: Option<Timestamp>,
    /// Only before this time.
    #[param(value_type = Option<String>, format = DateTime)]
    before: Option<Timestamp>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Most changes of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangesView {
    /// Newest first.
    changes: Vec<ChangeView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// A change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who, by id; `null` for an API key, for the system, and for somebody who needed no account.
    #[schema(value_type = Option<String>)]
    actor: Option<UserId>,
    /// Their address, while they have an account.
    actor_email: Option<String>,
    /// The API key that did it, by id; `null` for a person.
    #[schema(value_type = Option<String>)]
    key: Option<KeyId>,
    /// What that key is for.
    key_name: Option<String>,
    /// What was done.
    #[schema(example = "member.update")]
    action: String,
    /// To what: an id or a name.
    subject: String,
    /// The thing before; `null` when it was made.
    #[schema(value_type = Object, nullable)]
    before: Option<Value>,
    /// The thing after; `null` when it was removed.
    #[schema(value_type = Object, nullable)]
    after: Option<Value>,
}

/// Who changed what, newest first. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/changes",
    tag = "audit",
    params(OrgParam, ChangesQuery),
    security(("bearer" = []), ("key" = ["audit"])),
    responses((status = OK, description = "One page", body = ChangesView))
)]
pub(crate) async fn list_changes(
    access: OrgAccess,
    Query(query): Query<ChangesQuery>,
) -> Result<Json<ChangesView>, Problem> {
    access.require(Permission::ReadAudit)?;
    let limit = Limit::of(query.limit)?;
    let cursor = page::after(query.cursor.as_deref(), read)?;
    let filter = AdminEventFilter {
        actor: query.actor,
        key: query.key,
        action: query.action,
        subject: query.subject,
        after: query.after,
        before: query.before,
        cursor,
        limit: limit.asked(),
    };
    let found = access.begin().await?.admin_events(&filter).await?;
    let (events, next_cursor) = limit.cut(found, |change| written(change.id));
    Ok(Json(ChangesView { changes: events.into_iter().map(view).collect(), next_cursor }))
}

fn view(recorded: RecordedAdminEvent) -> ChangeView {
    let (actor, key) = match recorded.event.actor {
        Some(Actor::Person(person)) => (Some(person), None),
        Some(Actor::Key(key)) => (None, Some(key)),
        None => (None, None),
    };
    ChangeView {
        at: recorded.at,
        actor,
        actor_email: recorded.actor_email,
        key,
        key_name: recorded.key_name,
        action: recorded.event.action,
        subject: recorded.event.subject,
        before: recorded.event.before,
        after: recorded.event.after,
    }
}

/// Where a page ended. What may be read from there on is decided anew for every request, so it needs no signature.
fn written(position: i64) -> String {
    format!("{position:016x}")
}

fn read(text: &str) -> Option<i64> {
    let plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    i64::from_str_radix(text, 16).ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_position_and_nothing_else_is_one() {
        assert_eq!(read(&written(987_654_321)), Some(987_654_321));
        for text in ["", "1", "+000000000000001", "ffffffffffffffff", "zzzzzzzzzzzzzzzz"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
