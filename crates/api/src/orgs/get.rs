//! `GET /v1/orgs/{org}`

use axum::Json;
use jiff::Timestamp;
use model::{OrgId, Permission, Role, Slug};
use serde::Serialize;
use store::Org;
use utoipa::ToSchema;

use crate::extract::OrgAccess;
use crate::paths::OrgParam;
use crate::{Problem, schema};

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrgView {
    /// Its id.
    #[schema(value_type = String)]
    id: OrgId,
    /// Its name in addresses.
    #[schema(value_type = String, example = "acme")]
    slug: Slug,
    /// Its name for people.
    name: String,
    /// False once it is suspended: then every call is refused.
    enabled: bool,
    /// How long a gateway may go on without word from the control plane, in seconds.
    max_staleness_s: u32,
    /// Whether gateways record the values of arguments, sealed.
    capture_arguments: bool,
    /// Whether agents are told how a denial came about: in `_meta["policylayer.com/decision"].trace`.
    explain_denials: bool,
    /// The caller's role throughout the organisation; `null` for somebody who is on single teams only.
    #[schema(value_type = Option<schema::Role>)]
    role: Option<Role>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it will be deleted with everything in it; until then it refuses every call and every change, and an admin can
    /// restore it. `null` while nobody wants that.
    #[schema(value_type = Option<String>, format = DateTime)]
    delete_at: Option<Timestamp>,
}

impl OrgView {
    pub(super) fn of(org: Org, role: Option<Role>) -> Self {
        Self {
            id: org.id,
            slug: org.slug,
            name: org.name,
            enabled: org.enabled,
            max_staleness_s: org.max_staleness_s,
            capture_arguments: org.capture_arguments,
            explain_denials: org.explain_denials,
            role,
            created_at: org.created_at,
            delete_at: org.delete_at,
        }
    }

    pub(super) const fn id(&self) -> OrgId {
        self.id
    }
}

/// An organisation, as one of its members sees it.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}",
    tag = "orgs",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The organisation", body = OrgView))
)]
pub(crate) async fn get_org(access: OrgAccess) -> Result<Json<OrgView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let org = access.begin().await?.org().await?;
    Ok(Json(OrgView::of(org, access.role())))
}
