//! `POST /v1/orgs/{org}/sample-server`

use axum::Json;
use http::StatusCode;
use model::{Code, Permission, Slug};
use store::Error;

use super::create::{self, Wanted};
use super::headers::UpstreamHeaders;
use super::probe;
use super::update::{self, Wish};
use super::view::ServerView;
use crate::Problem;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;

/// What it is registered as.
const SLUG: &str = "sample";
const NAME: &str = "Sample bookshop";

/// Register the sample server that comes with this installation: a made-up bookshop with tools of every kind, to try
/// policies on. Each organisation has a copy of its own. Asking again changes nothing, but for the address, if the
/// installation listens on another one by now. 404 where none is offered; see `GET /v1/installation`. Needs the role
/// admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/sample-server",
    tag = "servers",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["servers"])),
    responses(
        (status = CREATED, description = "The server", body = ServerView),
        (status = OK, description = "It is registered already", body = ServerView),
    )
)]
pub(crate) async fn add_sample_server(access: OrgAccess) -> Result<(StatusCode, Json<ServerView>), Problem> {
    access.require(Permission::ManageServers)?;
    let sample = access.api().parts().sample.as_ref().ok_or_else(|| {
        Problem::new(
            Code::NotFound,
            "There is no sample server here: `policylayer up` offers one while it listens on a loopback address.",
        )
    })?;
    let target = probe::target(access.api(), sample.url.as_str())?;
    let headers = || {
        let own_copy = [(sample.header.to_owned(), access.org().to_string().into())];
        UpstreamHeaders::check(own_copy.into_iter().collect())
    };
    let slug: Slug = SLUG.parse().map_err(Problem::internal)?;
    let known = match access.begin().await?.server(&slug).await {
        Ok(server) => server,
        Err(Error::Missing(_)) => {
            let wanted = Wanted { slug, name: NAME.to_owned(), target, headers: headers()?, enabled: true };
            return Ok((StatusCode::CREATED, Json(create::register(&access, wanted, true).await?)));
        }
        Err(error) => return Err(error.into()),
    };
    if !known.header_names.iter().any(|name| name == sample.header) {
        return Err(create::taken(&slug));
    }
    if known.url == target.uri().to_string() {
        return Ok((StatusCode::OK, Json(known.into())));
    }
    let wish = Wish { target: Some(target), headers: Some(headers()?), discover: true, ..Wish::default() };
    Ok((StatusCode::OK, Json(update::change(&access, known, wish).await?)))
}
