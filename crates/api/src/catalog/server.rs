//! `GET /v1/catalog/servers/{server}`

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::CatalogServerView;
use crate::extract::Path;
use crate::{Api, Problem};

/// Names a server of the catalogue.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct CatalogServerParam {
    /// Its `slug`.
    #[param(example = "tickets")]
    pub(super) server: String,
}

/// One server of the catalogue.
#[utoipa::path(
    get,
    path = "/v1/catalog/servers/{server}",
    tag = "catalog",
    params(CatalogServerParam),
    responses((status = OK, description = "The server", body = CatalogServerView))
)]
pub(crate) async fn get_catalog_server(
    State(api): State<Api>,
    Path(path): Path<CatalogServerParam>,
) -> Result<Json<CatalogServerView>, Problem> {
    Ok(Json(api.parts().store.catalog_server(&path.server).await?.into()))
}
