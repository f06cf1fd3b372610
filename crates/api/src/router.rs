//! The list of everything that is served.

use std::sync::LazyLock;

use axum::Router;
use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use model::Code;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    Api, Problem, accounts, approvals, audit, catalog, dev, edge, events, grants, identities, installation,
    internal, invitations, keys, limits, members, orgs, policies, servers, teams, tokens,
};

/// The control plane: public routes under `/v1`, and those for gateways under `/internal/v1`.
/// Anything else is answered with a problem.
pub fn router(api: Api) -> Router {
    let (public, _) = public().split_for_parts();
    let public = public.route("/v1/openapi.json", axum::routing::get(document));
    let routes = edge::count(public, &api)
        .merge(internal::routes())
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || {
            Problem::new(
                Code::MethodNotAllowed,
                "This address does not take that method; see the `Allow` header.",
            )
        })
        .with_state(api.clone());
    edge::guard(routes, api)
}

/// The OpenAPI document of the public routes.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, document) = public().split_for_parts();
    crate::openapi::with_shared(document)
}

/// The same as pretty JSON with a newline at the end; equal routes give equal text.
#[must_use]
pub fn openapi_json() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
        let mut text = openapi().to_pretty_json().unwrap_or_default();
        text.push('\n');
        text
    });
    &DOCUMENT
}

fn public() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(crate::openapi::shared())
        .merge(installation::routes())
        .merge(dev::routes())
        .merge(accounts::routes())
        .merge(orgs::routes())
        .merge(teams::routes())
        .merge(members::routes())
        .merge(invitations::routes())
        .merge(keys::routes())
        .merge(audit::routes())
        .merge(servers::routes())
        .merge(policies::routes())
        .merge(identities::routes())
        .merge(tokens::routes())
        .merge(grants::routes())
        .merge(approvals::routes())
        .merge(events::routes())
        .merge(limits::routes())
        .merge(catalog::routes())
}

async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], openapi_json())
}
