//! Access to one organisation: who asks, as what, and the only road to the organisation's rows.

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use model::{Code, OrgId, Permission, Role, Scope, Slug, TeamId, UserId};
use secrets::token::TokenDigest;
use serde::Serialize;
use store::{Actor, AdminEvent, Membership, OrgTx, ProvenKey};

use super::user::{key_sent, unproven};
use super::{Peer, User};
use crate::accounts::guard;
use crate::{Api, Problem};

/// Access to the organisation named in the address: of a member, or of one of its API keys. Whoever is not a member gets
/// the answer that an organisation which does not exist gives, and so does a key of another one, and somebody who is on
/// single teams and names another team.
///
/// A key stands in for its maker: it may do what its scopes open, within what the maker's place in the organisation
/// allows at the time.
pub struct OrgAccess {
    api: Api,
    user: UserId,
    key: Option<ProvenKey>,
    place: Membership,
    /// The role that counts at this address: throughout the organisation, or on the team in the address.
    role: Option<Role>,
}

impl FromRequestParts<Api> for OrgAccess {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let (user, key) = match key_sent(&parts.headers)? {
            Some(digest) => {
                let Ok(peer) = Peer::from_request_parts(parts, api).await;
                let key = prove(api, &digest, peer).await?;
                (key.created_by, Some(key))
            }
            None => (User::from_request_parts(parts, api).await?.id(), None),
        };
        let params = RawPathParams::from_request_parts(parts, api).await.map_err(|_| Problem::not_found())?;
        let named = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
        let slug: Slug = named("org").and_then(|org| org.parse().ok()).ok_or_else(Problem::not_found)?;
        let place = api.store().membership(user, &slug).await?.ok_or_else(Problem::not_found)?;
        if key.as_ref().is_some_and(|key| key.org != place.org) {
            return Err(Problem::not_found());
        }
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
        Ok(Self { api: api.clone(), user, key, place, role })
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

/// The key behind a digest. Tries are counted by source, like those of any secret.
pub(super) async fn prove(api: &Api, digest: &TokenDigest, peer: Peer) -> Result<ProvenKey, Problem> {
    guard::guess(api, peer)?;
    let verifier = api.parts().pepper.verifier(digest);
    let known = api.store().prove_key(&verifier, api.now()).await?;
    let key = known.ok_or_else(|| unproven(&"this API key is unknown, revoked or expired"))?;
    guard::right_guess(api, peer);
    Ok(key)
}

/// The stronger of the roles in the organisation and on its team.
fn role_on(place: &Membership, team: &str) -> Option<Role> {
    let on = place.on_teams.iter().find(|on| on.slug.as_str() == team).map(|on| on.role);
    [place.role, on].into_iter().flatten().reduce(Role::stronger)
}

impl OrgAccess {
    /// Whether the caller holds `permission` at this address.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.require(permission).is_ok()
    }

    /// Refuses a caller who does not hold `permission` at this address.
    pub(crate) fn require(&self, permission: Permission) -> Result<(), Problem> {
        self.within_scopes(permission)?;
        if self.role.is_some_and(|role| role.may(permission)) {
            return Ok(());
        }
        let theirs = self.role.map_or("on single teams only", Role::as_str);
        Err(self.forbidden(permission, theirs))
    }

    /// Refuses a member whose role throughout the organisation does not hold `permission`, whatever they may do on the
    /// team in the address.
    pub(crate) fn require_throughout(&self, permission: Permission) -> Result<(), Problem> {
        self.within_scopes(permission)?;
        if self.place.role.is_some_and(|role| role.may(permission)) {
            return Ok(());
        }
        Err(self.forbidden(permission, self.place.role.map_or("on single teams only", Role::as_str)))
    }

    /// Refuses a member who holds `permission` neither in the organisation nor on any team. For what teams share:
    /// servers and their policies.
    pub(crate) fn require_anywhere(&self, permission: Permission) -> Result<(), Problem> {
        self.within_scopes(permission)?;
        if self.place.on_teams.iter().any(|on| on.role.may(permission)) {
            return Ok(());
        }
        self.require(permission)
    }

    /// Refuses a key that has no scope for `permission`; people need none.
    fn within_scopes(&self, permission: Permission) -> Result<(), Problem> {
        let Some(key) = &self.key else { return Ok(()) };
        let Some(needed) = Scope::opening(permission) else {
            return Err(Problem::new(
                Code::PersonRequired,
                "API keys cannot do this, whatever their scopes: it takes a person who is signed in.",
            ));
        };
        if key.scopes.contain(needed) {
            return Ok(());
        }
        let theirs: Vec<&str> = key.scopes.iter().map(Scope::as_str).collect();
        Err(Problem::new(
            Code::Forbidden,
            format!(
                "This needs the scope {}, and this API key has {}. An administrator can make one that has it.",
                needed.as_str(),
                theirs.join(", "),
            ),
        ))
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
            actor: Some(self.actor()),
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

    /// Who asks, or who made the key that asks.
    pub(crate) const fn user(&self) -> UserId {
        self.user
    }

    /// Whether it is this person who asks, and no key of theirs.
    pub(crate) fn is_person(&self, user: UserId) -> bool {
        self.key.is_none() && self.user == user
    }

    /// Who asks, for telling callers of one organisation apart.
    pub(crate) fn actor(&self) -> Actor {
        self.key.as_ref().map_or(Actor::Person(self.user), |key| Actor::Key(key.id))
    }

    /// Whether the place in the organisation that access was given for is still there; for what outlasts a request.
    pub(crate) async fn still_stands(&self) -> Result<bool, Problem> {
        let place = self.api.store().membership(self.user, &self.place.org_slug).await?;
        if place.is_none_or(|place| place.role.is_none()) {
            return Ok(false);
        }
        match &self.key {
            Some(key) => {
                let key = self.begin().await?.api_key(key.id).await?;
                Ok(key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > self.api.now()))
            }
            None => Ok(true),
        }
    }

    /// As what, throughout the organisation; `None` for somebody who is on teams only.
    pub(crate) const fn role(&self) -> Option<Role> {
        self.place.role
    }
}
