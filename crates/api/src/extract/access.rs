//! Access to one organisation: who asks, as what, and the only road to the organisation's rows.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use model::{Code, OrgId, Permission, Role, Slug, TeamId, UserId};
use serde::Serialize;
use store::{AdminEvent, Membership, OrgTx};

use super::User;
use crate::{Api, Problem};

/// A member's access to the organisation named in the address. Whoever is not a member gets the answer that an
/// organisation which does not exist gives, and so does somebody who is on single teams and names another one.
pub struct OrgAccess {
    api: Api,
    user: UserId,
    place: Membership,
    /// The role that counts at this address: throughout the organisation, or on the team in the address.
    role: Option<Role>,
}

impl FromRequestParts<Api> for OrgAccess {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let user = User::from_request_parts(parts, api).await?;
        let params = RawPathParams::from_request_parts(parts, api).await.map_err(|_| Problem::not_found())?;
        let named = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let slug: Slug = named("org").and_then(|org| org.parse().ok()).ok_or_else(Problem::not_found)?;
        let place = api.store().membership(user.id(), &slug).await?.ok_or_else(Problem::not_found)?;
        if !parts.method.is_safe() && parts.extensions.get::<EvenEnding>().is_none() {
            refuse_ending(&place)?;
        }
        let role = match named("team") {
            Some(team) => role_on(&place, team),
            None => place.role,
        };
        if role.is_none() && named("team").is_some() {
            return Err(Problem::not_found());
        }
        Ok(Self { api: api.clone(), user: user.id(), place, role })
    }
}

/// The same access for what may be done to an organisation that is to be deleted; elsewhere nothing in such a one changes.
pub struct EndingOrgAccess(pub OrgAccess);

/// Marks a request that may change an organisation that is to be deleted.
#[derive(Clone)]
struct EvenEnding;

impl FromRequestParts<Api> for EndingOrgAccess {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        parts.extensions.insert(EvenEnding);
        OrgAccess::from_request_parts(parts, api).await.map(Self)
    }
}

fn refuse_ending(place: &Membership) -> Result<(), Problem> {
    let Some(at) = place.delete_at else { return Ok(()) };
    Err(Problem::new(
        Code::OrgEnding,
        format!(
            "{} is to be deleted at {at}, so nothing in it changes any more. An admin can restore it first.",
            place.org_slug
        ),
    ))
}

/// The stronger of the roles in the organisation and on its team.
fn role_on(place: &Membership, team: &str) -> Option<Role> {
    let on = place.on_teams.iter().find(|on| on.slug.as_str() == team).map(|on| on.role);
    [place.role, on].into_iter().flatten().reduce(Role::stronger)
}

impl OrgAccess {
    /// Refuses a member whose role at this address does not hold `permission`.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Problem> {
        if self.role.is_some_and(|role| role.may(permission)) {
            return Ok(());
        }
        let theirs = self.role.map_or("on single teams only", Role::as_str);
        Err(self.forbidden(permission, theirs))
    }

    /// Refuses a member whose role throughout the organisation does not hold `permission`, whatever they may do on the
    /// team in the address.
    pub(crate) fn require_throughout(&self, permission: Permission) -> Result<(), Problem> {
        if self.place.role.is_some_and(|role| role.may(permission)) {
            return Ok(());
        }
        Err(self.forbidden(permission, self.place.role.map_or("on single teams only", Role::as_str)))
    }

    /// Refuses a member who holds `permission` neither in the organisation nor on any team. For what teams share:
    /// servers and their policies.
    pub(crate) fn require_anywhere(&self, permission: Permission) -> Result<(), Problem> {
        if self.place.on_teams.iter().any(|on| on.role.may(permission)) {
            return Ok(());
        }
        self.require(permission)
    }

    /// The teams that the caller is confined to; `None` for somebody with a role throughout the organisation.
    pub(crate) fn confined(&self) -> Option<Vec<TeamId>> {
        match self.place.role {
            Some(_) => None,
            None => Some(self.place.on_teams.iter().map(|on| on.team).collect()),
        }
    }

    fn forbidden(&self, permission: Permission, theirs: &str) -> Problem {
        let needed =
            [Role::Viewer, Role::PolicyManager, Role::Admin].into_iter().find(|role| role.may(permission));
        Problem::new(
            Code::Forbidden,
            format!(
                "This needs the role {}, and yours in {} is {theirs}. An administrator can change it.",
                needed.unwrap_or(Role::Admin).as_str(),
                self.place.org_slug,
            ),
        )
    }

    /// Opens a transaction on the organisation's rows.
    pub(crate) async fn begin(&self) -> Result<OrgTx, Problem> {
        Ok(self.api.store().begin(self.place.org).await?)
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
        self.place.org
    }

    /// Its name in addresses.
    pub(crate) const fn slug(&self) -> &Slug {
        &self.place.org_slug
    }

    /// Who asks.
    pub(crate) const fn user(&self) -> UserId {
        self.user
    }

    /// As what, throughout the organisation; `None` for somebody who is on teams only.
    pub(crate) const fn role(&self) -> Option<Role> {
        self.place.role
    }
}
