//! Policies of a server: versioned documents, kept byte for byte.

mod cases;
mod check;
mod compile;
mod described;
mod draft;
mod explain;
mod get;
mod judgement;
mod list;
mod put;
mod replay;
mod schema;
mod version;
mod versions;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use cases::{CaseView, ExpectedView, FoundView};

pub(crate) use judgement::TraceView;

use crate::Api;

/// `/v1/policy-schema`, `/v1/policies/check`, `/v1/orgs/{org}/servers/{server}/policies` and below, `…/explain`, `…/replay`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(schema::policy_schema))
        .routes(routes!(check::check_policy))
        .routes(routes!(explain::explain_call))
        .routes(routes!(replay::replay_calls))
        .routes(routes!(list::list_policies))
        .routes(routes!(get::get_policy, put::put_policy))
        .routes(routes!(versions::list_versions))
        .routes(routes!(version::get_version))
}
