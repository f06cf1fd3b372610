//! `GET /v1/catalog/classes`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::CountView;
use crate::{Api, Problem};

/// The classes, and how much the catalogue has of each.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogClassesView {
    /// How many servers there are.
    servers: u64,
    /// Of how many of them the tools are known.
    servers_with_tools: u64,
    /// Every class, with its risk and how many tools are in it.
    classes: Vec<CountView>,
}

/// What tools can do, how bad a careless call of each class would be, and how many tools the catalogue has of it.
#[utoipa::path(
    get,
    path = "/v1/catalog/classes",
    tag = "catalog",
    responses((status = OK, description = "All classes", body = CatalogClassesView))
)]
pub(crate) async fn list_catalog_classes(
    State(api): State<Api>,
) -> Result<Json<CatalogClassesView>, Problem> {
    let totals = api.parts().store.catalog_totals().await?;
    Ok(Json(CatalogClassesView {
        servers: totals.servers,
        servers_with_tools: totals.with_tools,
        classes: totals.tools.into_iter().map(CountView::of).collect(),
    }))
}
