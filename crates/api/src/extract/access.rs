//! Access to one organisation: who asks, as what, and the only road to the organisation's rows.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use model::{Code, OrgId, Permission, Role, Slug, UserId};
use serde::Serialize;
use store::{AdminEvent, OrgTx};

use super::User;
use crate::{Api, Problem};

/// A member's access to the organisation named in the address. Whoever is not a member gets the answer that an
/// organisation which does not exist gives.
pub struct OrgAccess {
    api: Api,
    org: OrgId,
    slug: Slug,
    user: UserId,
    role: Role,
}

impl FromRequestParts<Api> for OrgAccess {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let user = User::from_request_parts(parts, api).await?;
        let params = RawPathParams::from_request_parts(parts, api).await.map_err(|_| Problem::not_found())?;
        let named = params.iter().find(|(name, _)| *name == "org").and_then(|(_, value)| value.parse().ok());
        let slug: Slug = named.ok_or_else(Problem::not_found)?;
        let (org, role) = api.store().membership(user.id(), &slug).await?.ok_or_else(Problem::not_found)?;
        Ok(Self { api: api.clone(), org, slug, user: user.id(), role })
    }
}

impl OrgAccess {
    /// Refuses a member whose role does not hold `permission`.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Problem> {
        if self.role.may(permission) {
            return Ok(());
        }
        let needed =
            [Role::Viewer, Role::PolicyManager, Role::Admin].into_iter().find(|role| role.may(permission));
        Err(Problem::new(
            Code::Forbidden,
            format!(
                "This needs the role {}, and yours in {} is {}. An administrator can change it.",
                needed.unwrap_or(Role::Admin).as_str(),
                self.slug,
                self.role.as_str(),
            ),
        ))
    }

    /// Opens a transaction on the organisation's rows.
    pub(crate) async fn begin(&self) -> Result<OrgTx, Problem> {
        Ok(self.api.store().begin(self.org).await?)
    }

    /// Records a change in the same transaction. `before` and `after` are what the API shows, so they hold no secrets.
    pub(crate) async fn record<V: Serialize>(
        &self,
        tx: &mut OrgTx,
        action: &str,
        subject: impl ToString,
        (before, after): (Option<&V>, Option<&V>),
    ) -> Result<(), Problem> {
        let json = |view: Option<&V>| view.map(serde_json::to_value).transpose().map_err(Problem::internal);
        let event = AdminEvent {
            actor: Some(self.user),
            action: action.to_owned(),
            subject: subject.to_string(),
            before: json(before)?,
            after: json(after)?,
        };
        Ok(tx.record(&event, self.api.now()).await?)
    }

    /// The state.
    pub(crate) const fn api(&self) -> &Api {
        &self.api
    }

    /// The organisation.
    pub(crate) const fn org(&self) -> OrgId {
        self.org
    }

    /// Its name in addresses.
    pub(crate) const fn slug(&self) -> &Slug {
        &self.slug
    }

    /// Who asks.
    pub(crate) const fn user(&self) -> UserId {
        self.user
    }

    /// As what.
    pub(crate) const fn role(&self) -> Role {
        self.role
    }
}
