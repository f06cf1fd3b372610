//! What supervisors and load balancers ask: whether this process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use gateway::Gateway;
use http::StatusCode;
use store::Store;

/// How long the database may take for a sign of life.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`, which asks nobody, and `/readyz`, which asks what this process cannot serve without.
pub(crate) fn routes(store: Option<Store>, gateway: Option<Arc<Gateway>>) -> Router {
    let ready = move || {
        let (store, gateway) = (store.clone(), gateway.clone());
        async move { ready(store.as_ref(), gateway.as_deref()).await }
    };
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready))
}

async fn ready(store: Option<&Store>, gateway: Option<&Gateway>) -> (StatusCode, &'static str) {
    if let Some(store) = store
        && !matches!(tokio::time::timeout(PATIENCE, store.ping()).await, Ok(Ok(())))
    {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the database does not answer\n");
    }
    if gateway.is_some_and(|gateway| !gateway.has_heard()) {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the control plane has not been heard yet\n");
    }
    (StatusCode::OK, "ready\n")
}
