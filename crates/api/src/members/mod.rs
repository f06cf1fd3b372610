//! The members of an organisation and their roles, throughout it or on single teams.

mod list;
mod remove;
mod update;
pub(crate) mod view;

use model::{Slug, TeamId};
use store::OrgTx;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Api, Problem};

/// `/v1/orgs/{org}/members` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_members))
        .routes(routes!(update::update_member, remove::remove_member))
}

/// The team that a body or query names.
pub(crate) async fn team_of(tx: &mut OrgTx, slug: &Slug) -> Result<TeamId, Problem> {
    match tx.team(slug).await {
        Ok(team) => Ok(team.id),
        Err(store::Error::Missing(_)) => Err(Problem::field("/team", "there is no such team")),
        Err(error) => Err(error.into()),
    }
}
